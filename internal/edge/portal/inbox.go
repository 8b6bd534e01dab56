package portal

import (
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/notice"
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
	Here   string // its address, by which it is fetched anew
	Header ui.Header
	Tabs   ui.Tabs
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
	told, unread := v.Notifying.Inbox, oneOf(v, "only", "unread") != ""
	if unread {
		told = v.Notifying.Unread
	}
	list, err := told(v.ctx(), v.actor, place.ask)
	if err != nil {
		return err
	}
	p := InboxPage{Frame: v.frame(v.T("Inbox"), ""), Here: v.r.URL.RequestURI(), Pager: place.pager(len(list.Rows), list.Next, page.Uncounted())}
	p.Header = ui.Header{Title: v.T("Inbox"), Note: v.T("What you were told, the newest first. In your account you choose what comes by e-mail besides.")}
	p.Tabs = ui.Tabs{Label: v.T("Notices"), Tabs: []ui.Link{{Label: v.T("All"), URL: "/inbox", Current: !unread}, {Label: v.T("Unread"), URL: "/inbox?only=unread", Current: unread}}}
	p.All = ui.Button{Label: v.T("Mark all as read"), Icon: ui.IconCheck, Form: "read-all"}
	p.Items = ui.Items{Label: v.T("Notices"), Empty: ui.Empty{Icon: ui.IconInbox, Title: v.T("Nothing yet"), Text: v.T("When something happens that concerns you, you read it here.")}}
	if unread {
		p.Items.Empty = ui.Empty{Icon: ui.IconCheck, Title: v.T("Everything is read"), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/inbox"}}
	}
	for _, n := range list.Rows {
		item := ui.Item{Title: v.phrase(n.Title), Text: v.phrase(n.Body), Icon: noticed[n.Event], Unread: n.Unread(), Meta: v.time(n.CreatedAt)}
		item.Actions = ui.All{opens{v.T("Open"), "/inbox/" + n.ID.String(), ours(n.Link, ""), n.Unread() && !v.actor.Acting(), v.T("Mark as read")}}
		p.Unread = p.Unread || n.Unread() && !v.actor.Acting()
		p.Items.Items = append(p.Items.Items, item)
	}
	if p.Unread {
		p.Header.Actions = p.All
	}
	return v.show(p.View())
}

// noticed are the pictures of notices, one of each kind.
var noticed = map[notice.Event]ui.Icon{
	notice.ApprovalRequested: ui.IconApprovals, notice.HandedOver: ui.IconHandOver, notice.Reminded: ui.IconWaiting, notice.Escalated: ui.IconUp, notice.NoApprover: ui.IconWarn,
	notice.Returned: ui.IconReturned, notice.Answered: ui.IconComment, notice.Trimmed: ui.IconMinus, notice.Approved: ui.IconGood, notice.Overridden: ui.IconBolt, notice.Rejected: ui.IconBad,
	notice.Withdrawn: ui.IconUndo, notice.Cancelled: ui.IconClose, notice.Expired: ui.IconHistory, notice.PaymentAwaited: ui.IconCredit, notice.Placed: ui.IconOrders, notice.OrderFailed: ui.IconFlag,
	notice.BudgetReached: ui.IconBudget, notice.WebhookStopped: ui.IconLink, notice.Invited: ui.IconSend, notice.Joined: ui.IconPerson, notice.Lent: ui.IconExchange, notice.GivenBack: ui.IconRepeat,
	notice.TakenOver: ui.IconDeputy, notice.LendingEnded: ui.IconPause, notice.Admitted: ui.IconCompany, notice.TurnedAway: ui.IconDelete, notice.CompanyBlocked: ui.IconLock,
	notice.CompanyUnblocked: ui.IconPlay, notice.CompanyClosed: ui.IconSkipped, notice.Resubmitted: ui.IconUpload, notice.ResetAsked: ui.IconKey, notice.PasswordChanged: ui.IconSettings,
	notice.DeputyAppointed: ui.IconPeople, notice.DeputyChanged: ui.IconCopy, notice.DeputyBegun: ui.IconCalendar, notice.DeputyEnded: ui.IconSignOut, notice.ListShared: ui.IconLists,
	notice.FactorChanged: ui.IconPhone, notice.SignedInAnew: ui.IconEye,
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
