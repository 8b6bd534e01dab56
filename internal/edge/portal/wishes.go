package portal

import (
	"slices"

	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/domain/notice"
	"kontor/internal/edge/ui"
)

// wishes adds the page of what one wants to hear.
func (p *Portal) wishes(look looking, act adding) {
	look("/account/notices", access.SelfAccount, "What you hear of", (*visit).wished)
	act("/account/notices", access.SelfAccount, (*visit).wishes)
}

// WishesPage says of what one hears by mail.
type WishesPage struct {
	ui.Frame
	Header ui.Header
	Tabs   ui.Tabs
	Says   bool // the reader says it themselves: nobody does for somebody else
	Groups []WishGroup
}

// WishGroup are the kinds of notices of one sort.
type WishGroup struct {
	Title  string
	Hint   string
	Checks []ui.Check
}

func (v *visit) wished() error {
	w, err := v.Notifying.Wishes(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p := WishesPage{Frame: v.frame(v.wishesTitle(), ""), Says: !v.actor.Acting(), Tabs: v.accountTabs("notices"),
		Header: ui.Header{Title: v.wishesTitle(), Note: v.ofMember(v.T("The inbox has everything that concerns you. Here you choose what comes by e-mail besides."), v.T("What comes to the member by e-mail. Only they choose it."))}}
	asks, tells, guards := WishGroup{Title: v.T("What asks something of you")}, WishGroup{Title: v.T("What you are told")},
		WishGroup{Title: v.T("The security of your account"), Hint: v.T("These mails always come.")}
	for _, t := range v.topics() {
		c := ui.Check{Name: "email", Value: string(t.Event), Label: locale.Say(t.Label).In(v.l), Checked: w.Wants(t.Event, notice.Email), Disabled: t.Safety || v.actor.Acting()}
		switch {
		case t.Safety:
			guards.Checks = append(guards.Checks, c)
		case t.Urgent:
			asks.Checks = append(asks.Checks, c)
		default:
			tells.Checks = append(tells.Checks, c)
		}
	}
	p.Groups = []WishGroup{asks, tells, guards}
	return v.show(p.View())
}

// topics are what the reader can hear of.
func (v *visit) topics() []notice.Topic {
	return slices.DeleteFunc(notice.Topics(), func(t notice.Topic) bool { return t.Staff && v.actor.Realm != access.Staff })
}

func (v *visit) wishes() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	said := map[notice.Wish]bool{}
	for _, t := range v.topics() {
		if !t.Safety {
			said[notice.Wish{Event: t.Event, Channel: notice.Email}] = slices.Contains(form["email"], string(t.Event))
		}
	}
	if _, err := v.Notifying.SetWishes(v.ctx(), v.actor, said); err != nil {
		return err
	}
	return v.goOn("/account/notices", ui.Good, v.T("Your wishes were saved."))
}
