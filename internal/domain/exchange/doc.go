// Package exchange is what goes out to other systems, and the long work that is done for them.
//
// # What it is
//
// A company names an endpoint. Every event that it wants to hear of becomes a delivery, which is attempted until it is
// taken or its attempts are used up. A job is work too long for one transaction: it is done in many, and its row says
// how far.
//
// # Words
//
//   - endpoint: an address of a company's own system, with the events it wants and the secrets that sign them.
//   - filter: which events: "order.placed", "order.*" or "*".
//   - delivery: one event for one endpoint. Its head is what the event happened to.
//   - attempt: one try at a delivery. Outcome: what came of it.
//   - dead: attempted in vain as often as we try; it waits for a person to replay it.
//   - lease: until when whoever took a delivery or a job has it to itself. Its fence is the number of the attempt: who
//     comes back with an older number has lost it.
//   - schedule: when work that recurs is due.
//
// # Always true
//
//   - Attempts are at least [Backoff] apart, stretched or shrunk by at most a tenth; twelve of them take three days.
//   - A delivery ends once, sent or dead, until a person replays it.
//   - Deliveries of one head to one endpoint go out in the order of their events: the next one waits until the one
//     before is sent or dead.
//   - An endpoint that took nothing for three days, or said that it is gone, is stopped, and its company is told.
//   - While secrets rotate the old one signs too, for a day. There are never more than two.
//   - What is leased is taken by nobody else before the lease ends. Who lost the lease changes nothing.
//
// # Not here
//
// Posting and signing (webhook), tables and who claims what (exchangedb), what an event says (its own area), the clock
// and chance, which come in as arguments.
package exchange
