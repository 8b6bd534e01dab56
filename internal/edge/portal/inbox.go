package portal

import (
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
)

// inboxes adds the pages of what one was told.
func (p *Portal) inboxes(look looking, act adding) {
	look("/inbox", access.SelfAccount, "Inbox", (*visit).inbox)
	look("/live", access.SelfAccount, "", (*visit).live)
	act("/inbox", access.SelfAccount, (*visit).readsAll)
	act("/inbox/{notice}", access.SelfAccount, (*visit).reads)
}

// InboxPage lists what the reader was told, the newest first.
type InboxPage struct {
	ui.Frame
	Header ui.Header
	Items  ui.Items
	Unread bool // something is
	All    ui.Button
	Pager  ui.Pager
}

func (v *visit) inbox() error {
	place, err := v.leafing(1)
	if err != nil {
		return err
	}
	list, err := v.Notifying.Inbox(v.ctx(), v.actor, place.ask)
	if err != nil {
		return err
	}
	p := InboxPage{Frame: v.frame(v.T("Inbox"), ""), Pager: place.pager(len(list.Rows), list.Next, -1)}
	p.Header = ui.Header{Title: v.T("Inbox"), Note: v.T("What you were told, the newest first. In your account you choose what comes by e-mail besides.")}
	p.All = ui.Button{Label: v.T("Mark all as read"), Icon: ui.IconCheck, Form: "read-all"}
	p.Items = ui.Items{Label: v.T("Notices"), Empty: ui.Empty{Icon: ui.IconInbox, Title: v.T("Nothing yet"), Text: v.T("When something happens that concerns you, you read it here.")}}
	for _, n := range list.Rows {
		item := ui.Item{Title: v.phrase(n.Title), Text: v.phrase(n.Body), Icon: noticed(string(n.Event)), Unread: n.Unread(), Meta: v.time(n.CreatedAt)}
		item.Actions = ui.All{opens{v.T("Open"), "/inbox/" + n.ID.String(), ours(n.Link, ""), n.Unread() && !v.actor.Acting(), v.T("Mark as read")}}
		p.Unread = p.Unread || n.Unread() && !v.actor.Acting()
		p.Items.Items = append(p.Items.Items, item)
	}
	if p.Unread {
		p.Header.Actions = p.All
	}
	return v.show(p.View())
}

// noticed is the picture of what a notice is about.
func noticed(event string) ui.Icon {
	about, _, _ := strings.Cut(event, ".")
	switch about {
	case "purchase_order":
		return ui.IconApprovals
	case "order":
		return ui.IconOrders
	case "budget":
		return ui.IconBudget
	case "webhook":
		return ui.IconLink
	case "role", "roles":
		return ui.IconRole
	}
	return ui.IconMail
}

// opens is the button that goes where a notice leads, and marks it as read on the way.
type opens struct {
	label, action, to string
	unread            bool
	only              string // what the button says when the notice leads nowhere
}

func (v *visit) reads() error {
	key, form, err := posted(v, "notice", id.ParseNotice)
	if err != nil {
		return err
	}
	if !v.actor.Acting() { // who acts for a customer has not read it for them
		if err := v.Notifying.MarkRead(v.ctx(), v.actor, key); err != nil {
			return err
		}
	}
	return v.goOn(ours(form.Get("to"), "/inbox"), "", "")
}

func (v *visit) readsAll() error {
	if err := v.Notifying.MarkAllRead(v.ctx(), v.actor); err != nil {
		return err
	}
	return v.goOn("/inbox", ui.Good, v.T("Everything is marked as read."))
}
