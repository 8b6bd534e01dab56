package portal

import (
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// MovingPage says what changes if something stands elsewhere, before it does.
type MovingPage struct {
	ui.Frame
	Header            ui.Header
	Changes           ui.Items
	Node, From, Under string
	Back              string
}

// namedFew is how many people are named where more are counted.
const namedFew = 5

func (v *visit) moving() error {
	asked := v.r.URL.Query()
	if err := v.find(asked); err != nil {
		return err
	}
	back := ours(asked.Get("back"), "/structure")
	node, err := parseNode(asked.Get("node"))
	if err != nil {
		return err
	}
	under, err := parseNode(asked.Get("under"))
	if err != nil {
		return v.goOn(back, ui.Bad, v.notOne())
	}
	if from := asked.Get("from"); from != "" && from == asked.Get("under") {
		return v.goOn(back, "", v.T("It stands there already."))
	}
	m, err := v.Organising.Weigh(v.ctx(), v.actor, organising.MoveInput{Node: node, Under: under})
	if err != nil {
		return v.again("move", nil, err, func(a attempt) error { return v.goOn(back, ui.Bad, a.short()) })
	}
	title := v.T("Move %s below %s?", m.Name, m.Place)
	p := MovingPage{Frame: v.frame(title, "company"), Node: v.query("node"), From: asked.Get("from"), Under: asked.Get("under"), Back: back}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Structure"), URL: "/structure"}}, Title: title, Note: v.T("Nothing has changed yet. Past orders stay where they were booked.")}
	p.Changes = ui.Items{Label: v.T("What changes"), Items: append(v.movedPeople(m), v.movedRights(m)...)}
	p.Changes.Items = append(p.Changes.Items, v.movedOrders(m))
	return v.show(p.View())
}

// movedPeople says who comes along, and whose manager is another.
func (v *visit) movedPeople(m view.Moving) []ui.Item {
	along := ui.Item{Icon: ui.IconStructure, Title: v.T("Nobody comes along.")}
	if m.People > 0 {
		along.Title = v.N(m.People, "%d person moves.", "%d people move.")
	}
	manager := ui.Item{Icon: ui.IconPerson, Title: v.T("Managers stay who they are.")}
	if n := len(m.Led); n > 0 {
		manager.Title = v.N(n, "%d person gets another manager: %s.", "%d people get another manager: %s.", v.unseen(m.Is))
		var names []string
		for _, l := range m.Led {
			names = append(names, v.unseen(l))
		}
		manager.Text = v.T("So far it is %s. It concerns %s.", v.unseen(m.Was), v.few(names))
	}
	return []ui.Item{along, manager}
}

// unseen is a member's name, or what is said where there is none.
func (v *visit) unseen(a view.Above) string {
	switch {
	case a.Member.IsZero():
		return v.T("nobody")
	case a.Name == "":
		return v.T("somebody whom you do not see")
	}
	return a.Name
}

// few names some of many.
func (v *visit) few(names []string) string {
	if more := len(names) - namedFew; more > 0 {
		return v.T("%s and %s", joined(", ", names[:namedFew]...), v.N(more, "%d more", "%d more"))
	}
	return joined(", ", names...)
}

// movedRights says who gets and who loses rights over what moves, by roles that they have at units and as those who lead it.
func (v *visit) movedRights(m view.Moving) []ui.Item {
	item := func(icon ui.Icon, all []view.Reach, none string, counted func(int) string) ui.Item {
		people, names := map[string]bool{}, []string{}
		for _, r := range all {
			people[r.Member.String()] = true
			switch {
			case r.Name == "":
				names = append(names, v.unseen(r.Above))
			case r.Unit == "":
				names = append(names, v.T("%s (%s, standing above)", r.Name, r.Role))
			default:
				names = append(names, v.T("%s (%s at %s)", r.Name, r.Role, r.Unit))
			}
		}
		if len(people) == 0 {
			return ui.Item{Icon: icon, Title: none}
		}
		return ui.Item{Icon: icon, Title: counted(len(people)), Text: v.few(names)}
	}
	return []ui.Item{
		item(ui.IconKey, m.Gain, v.T("Nobody gets rights over them."), func(n int) string {
			return v.N(n, "%d person gets rights over them.", "%d people get rights over them.")
		}),
		item(ui.IconLock, m.Lose, v.T("Nobody loses rights over them."), func(n int) string {
			return v.N(n, "%d person loses rights over them.", "%d people lose rights over them.")
		}),
	}
}

// movedOrders says what becomes of purchase orders that wait.
func (v *visit) movedOrders(m view.Moving) ui.Item {
	if m.Waiting == 0 {
		return ui.Item{Icon: ui.IconApprovals, Title: v.T("No purchase order of theirs waits for approval.")}
	}
	i := ui.Item{Icon: ui.IconApprovals, Title: v.N(m.Waiting, "%d purchase order of theirs waits for approval.", "%d purchase orders of theirs wait for approval."),
		Text: v.T("What was decided stands. Who is asked for what is still open is looked up anew; whoever is asked only then is told.")}
	if m.ByManager > 0 {
		i.Title += " " + v.N(m.ByManager, "%d of them asks a manager.", "%d of them ask a manager.")
	}
	return i
}
