package portal

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/exchanging"
)

// webhooks adds the pages of what other systems are told.
func (p *Portal) webhooks(look looking, act adding) {
	look("/webhooks", access.WebhooksManage, "Webhooks", (*visit).webhookList)
	act("/webhooks", access.WebhooksManage, (*visit).createsWebhook)
	look("/webhooks/{webhook}", access.WebhooksManage, "A webhook", (*visit).webhook)
	act("/webhooks/{webhook}", access.WebhooksManage, (*visit).editsWebhook)
	act("/webhooks/{webhook}/delete", access.WebhooksManage, (*visit).deletesWebhook)
	act("/webhooks/{webhook}/{act}", access.WebhooksManage, (*visit).doesWebhook)
	act("/webhooks/{webhook}/deliveries/{delivery}/replay", access.WebhooksManage, (*visit).replays)
}

// WebhooksPage lists the company's webhooks.
type WebhooksPage struct {
	ui.Frame
	Header ui.Header
	Table  ui.Table
	Adding ui.Dialog
	Fields []ui.Field
	Error  string
	Key    string
}

func (v *visit) webhookList() error { return v.webhooksPage(attempt{}) }

func (v *visit) webhooksPage(a attempt) error {
	all, err := v.Exchanging.ListWebhooks(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	t := v.webhookTable(all)
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	p := WebhooksPage{Frame: v.frame(v.T("Webhooks"), "company"), Table: shown, Error: a.rest, Key: fresh(), Fields: v.webhookFields(exchanging.Webhook{Filters: []string{"order.*"}}, a)}
	add := ui.Button{Label: v.T("New webhook"), Icon: ui.IconPlus, Kind: ui.Primary, Opens: "add"}
	p.Header = ui.Header{Title: v.T("Webhooks"), Note: v.T("Tell your own systems what happens here, signed and repeated until it arrives."), Actions: add}
	p.Adding = ui.Dialog{Name: "add", Title: v.T("New webhook"), Text: v.T("It hears of what happens from now on. The secret that signs is shown once, right after."), Open: a.made()}
	return v.answer(a.status(), p.View())
}

// webhookTable is the list of webhooks, which is read as a whole.
func (v *visit) webhookTable(all []exchanging.Webhook) table[exchanging.Webhook] {
	words := func(w exchanging.Webhook) (said []string) {
		for _, f := range v.heard(w.Filters) {
			said = append(said, f.Name)
		}
		return said
	}
	return table[exchanging.Webhook]{name: "webhooks", title: v.T("Webhooks"), usual: page.Sort{By: "name"},
		read: func(ask page.Ask) (page.List[exchanging.Webhook], error) {
			return page.List[exchanging.Webhook]{Rows: all}, exchanging.SortWebhooks(all, ask.Sort)
		},
		row:   func(w exchanging.Webhook) ui.Row { return ui.Row{URL: "/webhooks/" + w.ID.String()} },
		empty: v.askingThroughout(access.WebhooksManage, ui.Empty{Icon: ui.IconLink, Title: v.T("No webhooks yet"), Text: v.T("With one, your ERP hears of every order the moment it is placed.")}),
		columns: []column[exchanging.Webhook]{
			{Column: ui.Column{Label: v.T("Webhook")}, key: "name", sort: "name", cell: func(w exchanging.Webhook) templ.Component { return ui.Named{Name: w.Name, Note: w.URL} }},
			{Column: ui.Column{Label: v.T("Events")}, key: "events", cell: func(w exchanging.Webhook) templ.Component { return v.heard(w.Filters) }},
			{Column: ui.Column{Label: v.T("State")}, key: "state", cell: func(w exchanging.Webhook) templ.Component { return v.webhookState(w) }},
			{Column: ui.Column{Label: v.T("Waiting"), Numeric: true}, key: "waiting", sort: "waiting", down: true, cell: func(w exchanging.Webhook) templ.Component { return ui.Text(v.l.Int(w.Waiting)) }},
			{Column: ui.Column{Label: v.T("Given up"), Numeric: true}, key: "dead", sort: "dead", down: true, cell: func(w exchanging.Webhook) templ.Component { return ui.Text(v.l.Int(w.Dead)) }},
			{Column: ui.Column{Label: v.T("Made"), Fit: true}, key: "made", sort: "made", down: true, extra: true, cell: func(w exchanging.Webhook) templ.Component { return v.time(w.CreatedAt) }},
		},
		file: []datum[exchanging.Webhook]{
			{v.T("Webhook"), func(w exchanging.Webhook) string { return w.Name }}, {v.T("Address"), func(w exchanging.Webhook) string { return w.URL }},
			{v.T("What"), func(w exchanging.Webhook) string { return strings.Join(words(w), ", ") }}, {v.T("Events"), func(w exchanging.Webhook) string { return strings.Join(w.Filters, " ") }},
			{v.T("State"), func(w exchanging.Webhook) string { return v.webhookState(w).Label }}, {v.T("Waiting"), func(w exchanging.Webhook) string { return v.plain(w.Waiting) }},
			{v.T("Given up"), func(w exchanging.Webhook) string { return v.plain(w.Dead) }}, {v.T("Made"), func(w exchanging.Webhook) string { return moment(w.CreatedAt) }},
		}}
}

// heard are events of which a webhook hears, each in words with its code below.
type heard []ui.Named

// heard says of which events a webhook hears.
func (v *visit) heard(filters []string) (all heard) {
	for _, f := range filters {
		n := ui.Named{Name: v.happening(f), Note: f, Code: true}
		if about := strings.TrimSuffix(f, "*"); f == "*" {
			n.Name = v.T("Everything")
		} else if i := slices.IndexFunc(areas, func(a area) bool { return a.prefix == about }); i >= 0 {
			n.Name = areas[i].label.In(v.l)
		}
		if n.Name == f {
			n.Note = ""
		}
		all = append(all, n)
	}
	return all
}

func (v *visit) webhookFields(w exchanging.Webhook, a attempt) []ui.Field {
	return []ui.Field{
		a.field(ui.Field{Name: "name", Label: v.T("Name"), Value: w.Name, MaxLength: text.MostWebhook}),
		a.field(ui.Field{As: ui.AsURL, Name: "url", Label: v.T("Address"), Value: w.URL, Placeholder: "https://", MaxLength: text.MostURL}),
		a.field(ui.Field{As: ui.AsLongText, Name: "filters", Label: v.T("Events"), Value: strings.Join(w.Filters, "\n"), Rows: 3, Hint: v.T("One a line: order.placed for one, order.* for a group, * for all.")}),
	}
}

func (v *visit) webhookState(w exchanging.Webhook) ui.Badge {
	switch {
	case w.Active && !w.FailingSince.IsZero():
		return ui.Badge{Label: v.T("Failing"), Tone: ui.Warn}
	case w.Active:
		return ui.Badge{Label: v.T("On"), Tone: ui.Good}
	case w.Stopped == exchange.ByGone:
		return ui.Badge{Label: v.T("Stopped: it wants no more"), Tone: ui.Bad}
	case w.Stopped == exchange.ByFailing:
		return ui.Badge{Label: v.T("Stopped: it failed for days"), Tone: ui.Bad}
	}
	return ui.Badge{Label: v.T("Paused")}
}

// filters are events as they were typed.
func filters(typed string) []string {
	return strings.FieldsFunc(typed, func(r rune) bool { return r == '\n' || r == ',' || r == ' ' })
}

func (v *visit) createsWebhook() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	done, err := v.Exchanging.CreateWebhook(v.ctx(), v.actor, exchanging.CreateWebhookInput{Name: form.Get("name"), URL: form.Get("url"), Filters: filters(form.Get("filters")), Key: form.Get("key")})
	if err != nil {
		return v.again("add", form, err, v.webhooksPage)
	}
	return v.webhookPage(done.ID, attempt{}, done.Secret)
}

// WebhookPage shows a webhook and what became of its deliveries.
type WebhookPage struct {
	ui.Frame
	Header     ui.Header
	URL        string
	Version    string
	Secret     string // shown this once
	Told       ui.Notice
	Fields     []ui.Field
	Error      string
	Facts      ui.Facts
	Tabs       ui.Tabs
	Deliveries ui.Table
	Delete     ui.Dialog
}

func (v *visit) webhook() error {
	key, err := named(v, "webhook", id.ParseWebhook)
	if err != nil {
		return err
	}
	return v.webhookPage(key, attempt{}, "")
}

func (v *visit) webhookPage(key id.Webhook, a attempt, secret string) error {
	w, err := v.Exchanging.GetWebhook(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	place, err := v.leafing(1)
	if err != nil {
		return err
	}
	state := oneOf(v, "state", exchange.DeliveryReady, exchange.DeliverySent, exchange.DeliveryDead)
	list, err := v.Exchanging.ListDeliveries(v.ctx(), v.actor, exchanging.ListDeliveriesInput{Webhook: key, State: state, Page: place.ask})
	if err != nil {
		return err
	}
	p := WebhookPage{Frame: v.frame(w.Name, "company"), URL: "/webhooks/" + key.String(), Version: a.or("version", v.plain(w.Version)), Secret: secret, Fields: v.webhookFields(w, a), Error: a.rest}
	p.Told = ui.Notice{Tone: ui.Warn, Title: v.T("This is the secret that signs. Keep it now: it is not shown again.")}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Webhooks"), URL: "/webhooks"}}, Title: w.Name, Note: w.URL, Badge: v.webhookState(w), Actions: v.webhookActions(w, p.URL)}
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("Made"), Value: v.time(w.CreatedAt)}, {Label: v.T("Failing since"), Value: v.orNone(true, v.time(w.FailingSince))},
		{Label: v.T("Old secret signs until"), Value: v.orNone(true, v.time(w.OldUntil))}, {Label: v.T("Waiting"), Text: v.l.Int(w.Waiting)}, {Label: v.T("Given up"), Text: v.l.Int(w.Dead)}}}
	p.Tabs = ui.Tabs{Label: v.T("Deliveries"), Tabs: []ui.Link{{Label: v.T("All"), URL: p.URL, Current: state == ""},
		{Label: v.T("Waiting"), URL: p.URL + "?state=ready", Current: state == exchange.DeliveryReady}, {Label: v.T("Given up"), URL: p.URL + "?state=dead", Current: state == exchange.DeliveryDead, Count: int(w.Dead)}}}
	p.Deliveries = v.deliveries(list.Rows, p.URL)
	p.Deliveries.Pager = place.pager(len(list.Rows), list.Next, page.Uncounted())
	p.Delete = ui.Dialog{Name: "delete", Title: v.T("Delete %s", w.Name), Text: v.T("Everything that waits for it is lost. This cannot be undone.")}
	return v.answer(a.status(), p.View())
}

func (v *visit) webhookActions(w exchanging.Webhook, url string) templ.Component {
	menu := ui.Menu{Name: "more", Label: v.T("More"), Items: []ui.MenuItem{{Label: v.T("New secret"), Icon: ui.IconKey, URL: url + "/rotate", Post: true}}}
	if w.Dead > 0 {
		menu.Items = append(menu.Items, ui.MenuItem{Label: v.T("Send everything given up again"), Icon: ui.IconRepeat, URL: url + "/replay", Post: true})
	}
	if w.Active {
		menu.Items = append(menu.Items, ui.MenuItem{Label: v.T("Pause"), Icon: ui.IconPause, URL: url + "/pause", Post: true})
	} else {
		menu.Items = append(menu.Items, ui.MenuItem{Label: v.T("Resume"), Icon: ui.IconPlay, URL: url + "/resume", Post: true})
	}
	menu.Items = append(menu.Items, ui.MenuItem{Label: v.T("Delete"), Icon: ui.IconDelete, Opens: "delete", Danger: true, Apart: true})
	if !w.Active {
		return menu
	}
	return ui.All{menu, revoking{url + "/test", ui.Button{Label: v.T("Send a test"), Icon: ui.IconSend}}}
}

func (v *visit) deliveries(all []exchanging.Delivered, url string) ui.Table {
	t := ui.Table{Name: "deliveries", Caption: v.T("Deliveries"), Plain: true, Columns: []ui.Column{{Label: v.T("Event")}, {Label: v.T("State")}, {Label: v.T("When")}, {Label: v.T("Answer||noun")}, {Label: v.T("Again"), LabelHidden: true, Fit: true}},
		Empty: v.askingThroughout(access.WebhooksManage, ui.Empty{Icon: ui.IconSend, Title: v.T("Nothing was sent yet"), Text: v.T("Send a test to see whether it arrives.")})}
	for _, d := range all {
		state, answer := ui.Badge{Label: v.T("Waiting"), Tone: ui.Info}, ""
		switch d.State {
		case exchange.DeliverySent:
			state = ui.Badge{Label: v.T("Delivered"), Tone: ui.Good}
		case exchange.DeliveryDead:
			state = ui.Badge{Label: v.T("Given up"), Tone: ui.Bad}
		}
		if d.Last.Status > 0 {
			answer = v.T("HTTP %d", d.Last.Status)
		}
		answer = joined(" · ", answer, v.phrase(d.Last.Reason), v.N(d.Attempts, "%d attempt", "%d attempts"))
		cells := []templ.Component{ui.Named{Name: v.happening(d.Name), Note: joined(" · ", d.Name, d.ID.String()), Code: true}, state, v.time(d.CreatedAt), ui.Text(answer), nil}
		if d.State != exchange.DeliveryReady {
			cells[4] = revoking{url + "/deliveries/" + d.ID.String() + "/replay", ui.Button{Label: v.T("Send “%s” again", v.happening(d.Name)), IconOnly: true, Icon: ui.IconRepeat, Kind: ui.Quiet, Small: true}}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

func (v *visit) editsWebhook() error {
	key, form, err := posted(v, "webhook", id.ParseWebhook)
	if err != nil {
		return err
	}
	in := exchanging.EditWebhookInput{ID: key, Version: version(form.Get("version")), Name: form.Get("name"), URL: form.Get("url"), Filters: filters(form.Get("filters"))}
	if _, err := v.Exchanging.EditWebhook(v.ctx(), v.actor, in); err != nil {
		return v.again("edit", form, err, func(a attempt) error { return v.webhookPage(key, a, "") })
	}
	return v.goOn("/webhooks/"+key.String(), ui.Good, v.T("The webhook was saved."))
}

// doesWebhook does one of the things that can be done to a webhook with one press.
func (v *visit) doesWebhook() error {
	key, err := named(v, "webhook", id.ParseWebhook)
	if err != nil {
		return err
	}
	back, said := "/webhooks/"+key.String(), ""
	switch v.r.PathValue("act") {
	case "pause":
		_, err = v.Exchanging.PauseWebhook(v.ctx(), v.actor, key)
		said = v.T("The webhook is paused. What waits for it is kept.")
	case "resume":
		_, err = v.Exchanging.ResumeWebhook(v.ctx(), v.actor, key)
		said = v.T("The webhook is on again.")
	case "test":
		err = v.Exchanging.TestWebhook(v.ctx(), v.actor, key)
		said = v.T("A test is on its way. Its outcome appears among the deliveries.")
	case "replay":
		_, err = v.Exchanging.ReplayDead(v.ctx(), v.actor, key)
		said = v.T("Everything that was given up is sent again.")
	case "rotate":
		_, secret, err := v.Exchanging.RotateSecret(v.ctx(), v.actor, key)
		if err != nil {
			return err
		}
		return v.webhookPage(key, attempt{}, secret)
	default:
		return access.ErrUnseen
	}
	return v.webhookDone(back, said, err)
}

// deletesWebhook deletes a webhook as it was seen.
func (v *visit) deletesWebhook() error {
	key, form, err := posted(v, "webhook", id.ParseWebhook)
	if err != nil {
		return err
	}
	if err := v.Exchanging.DeleteWebhook(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("delete", nil, err, func(a attempt) error { return v.webhookPage(key, a, "") })
	}
	return v.goOn("/webhooks", ui.Good, v.T("The webhook was deleted."))
}

// webhookDone leads on after one press, and says what came of it.
func (v *visit) webhookDone(back, said string, err error) error {
	if err != nil {
		return v.again("act", nil, err, func(a attempt) error { return v.goOn(back, ui.Bad, a.short()) })
	}
	return v.goOn(back, ui.Good, said)
}

func (v *visit) replays() error {
	key, err := named(v, "webhook", id.ParseWebhook)
	if err != nil {
		return err
	}
	delivery, err := named(v, "delivery", id.ParseDelivery)
	if err != nil {
		return err
	}
	return v.webhookDone("/webhooks/"+key.String(), v.T("It is sent again."), v.Exchanging.Replay(v.ctx(), v.actor, key, delivery))
}
