package notice

import "kontor/internal/base/locale"

// Mail is a mail before it is written in somebody's language.
type Mail struct {
	Brand    Brand
	Subject  locale.Phrase
	Greeting locale.Phrase
	Lines    []locale.Phrase
	Words    string // what somebody typed, set off from what we say
	Table    []Row
	Items    []Item
	Buttons  []Button      // the first one is the main one
	Note     locale.Phrase // a word on the buttons
	Entries  []Entry       // of a digest
	Footer   []locale.Phrase
	Wishes   string // where to choose what to hear; "" where there is no choice
}

// Brand is whose mails they are: the seller's.
type Brand struct {
	Name    string
	Accent  string   // "#rrggbb"; anything else is our own
	Imprint []string // lines at the foot: firm, address, register
}

// Row is a label with a value beside it.
type Row struct{ Label, Value locale.Phrase }

// Button leads to a web page. One that leads elsewhere is left out.
type Button struct {
	Label locale.Phrase
	URL   string
}

// Entry is a notice in a digest.
type Entry struct {
	Title locale.Phrase
	URL   string
}

// Addressee is who gets a mail.
type Addressee struct {
	Name   string
	Wishes string // where they choose what to hear
}

// Mail is what the audience of this row is sent.
func (r Reaction) Mail(b Brand, to Addressee, f Facts) Mail {
	m := Mail{Brand: b, Subject: r.Title(f), Greeting: greeting(to), Words: f.Words}
	for _, l := range r.lines {
		if p, ok := l.fill(f); ok {
			m.Lines = append(m.Lines, p)
		}
	}
	for _, row := range r.table {
		if v := row.fact(f); !missing(v) {
			m.Table = append(m.Table, Row{locale.Say(row.label), locale.Say("%s", v)})
		}
	}
	if r.items {
		m.Items = f.Items
	}
	if r.items && r.Tell == Approvers {
		for _, e := range f.Effects {
			m.Table = append(m.Table, Row{locale.Say("Budget %s", e.Budget), e.phrase()})
		}
	}
	for _, row := range r.actions.buttons {
		if url, ok := row.fact(f).(string); ok && url != "" {
			m.Buttons = append(m.Buttons, Button{locale.Say(row.label), url})
		}
	}
	if note, ok := r.actions.note.fill(f); ok {
		m.Note = note
	}
	if why, ok := reasons[r.Tell].fill(f); ok {
		m.Footer = append(m.Footer, why)
	}
	if topic, err := TopicOf(r.Event); err == nil && !topic.Safety {
		m.Wishes = to.Wishes
	}
	return m
}

// Digest is the mail of the day: what happened since the last one, each notice with its link below base.
func Digest(b Brand, to Addressee, base string, list []Notice) Mail {
	m := Mail{Brand: b, Greeting: greeting(to), Wishes: to.Wishes,
		Subject: locale.Count(len(list), "%d thing happened", "%d things happened"),
		Lines:   []locale.Phrase{locale.Say("This is what happened since the last mail like this one.")},
		Footer:  []locale.Phrase{locale.Say("You get this mail once a day because you chose so.")}}
	for _, n := range list {
		m.Entries = append(m.Entries, Entry{n.Title, base + n.Link})
	}
	return m
}

// phrase is the effect beside the name of its budget.
func (e Effect) phrase() locale.Phrase {
	if !e.Over.IsZero() {
		return locale.Say("%s of %s spent and held; with this order of %s it is %s over", e.Used, e.Limit, e.This, e.Over)
	}
	left := e.Limit
	left.Minor -= e.Used.Minor + e.This.Minor
	return locale.Say("%s of %s spent and held; with this order of %s there is %s left", e.Used, e.Limit, e.This, left)
}

func greeting(to Addressee) locale.Phrase {
	if to.Name == "" {
		return locale.Say("Hello,")
	}
	return locale.Say("Hello %s,", to.Name)
}
