// Package notice is what a person is told, over which channel, by whose wish.
//
// # What it is
//
// [Reactions] is one table: of which event who hears, in which sentences. A row and the [Facts] of one case make a
// [Notice] for the inbox and a [Mail]; [Render] writes the mail as text and HTML. What a person wishes to hear, where
// and when, are their [Wishes].
//
// # Words
//
//   - notice: one thing that one member was told; unread until they saw it.
//   - event: what has happened, by its public name.
//   - audience: who hears of it, as the part they play: the approvers, the requester.
//   - channel: inbox, e-mail, push, webhook.
//   - wish: whether a member wants an event over a channel; what they did not say is as the event's usual.
//   - safety: an event that concerns the security of an account, or its end. Its mail cannot be switched off or put off.
//   - urgent: an event that asks something of its reader. Its mail waits for no digest.
//   - digest: one mail a day with everything that was not urgent. Quiet hours: when nobody is disturbed.
//
// # Always true
//
//   - Everything of which a member hears stands in their inbox, whatever the other channels do; but for the end of their company,
//     after which nobody opens it.
//   - A sentence is kept as its English and its figures, and said in the language of whoever reads it.
//   - A line of which a fact is missing is left out.
//   - What a person typed is shown as text: never as markup, a translation, or a control character.
//   - The text and the HTML of a mail say the same.
//
// # Not here
//
// Who plays which part in one case (the use cases), who may see what (access), sending (mailer), other systems
// (exchange), and the words of pages.
package notice
