package notice

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"kontor/internal/base/locale"
)

// Rendered is a mail as it is sent. Text and HTML say the same.
type Rendered struct{ Subject, Text, HTML string }

// Render writes the mail in this language. Times are told in the zone that they carry.
func Render(m Mail, l locale.Language) Rendered {
	s := spoken{
		lang:     l,
		subject:  single(m.Subject.In(l), 150),
		greeting: single(m.Greeting.In(l), 150),
		words:    clean(m.Words, 4000),
		note:     single(m.Note.In(l), 300),
		brand:    m.Brand,
	}
	s.brand.Name = single(m.Brand.Name, 80)
	s.lines, s.footer = all(m.Lines, l), all(m.Footer, l)
	for _, r := range m.Table {
		s.table = append(s.table, pair{single(r.Label.In(l), 80), single(r.Value.In(l), 300)})
	}
	for _, i := range m.Items {
		item := [...]string{single(i.Name, 200), single(i.SKU, 80), single(i.Quantity.In(l), 80), "", ""}
		if i.Total.Currency != "" {
			item[3], item[4] = l.Rate(i.Price), l.Money(i.Total)
		}
		s.items = append(s.items, item)
	}
	for _, b := range m.Buttons {
		s.buttons = leads(s.buttons, b.Label, b.URL, l)
	}
	for _, e := range m.Entries {
		s.entries = leads(s.entries, e.Title, e.URL, l)
	}
	s.wishes = leads(nil, locale.Say("Choose what you hear of, and where"), m.Wishes, l)
	for _, line := range m.Brand.Imprint {
		s.imprint = append(s.imprint, single(line, 200))
	}
	return Rendered{s.subject, s.text(), s.html()}
}

// spoken is a mail in one language, clean but not yet escaped.
type spoken struct {
	lang                     locale.Language
	brand                    Brand
	subject, greeting, words string
	note                     string
	lines, footer, imprint   []string
	table                    []pair
	items                    [][5]string // name, SKU, quantity, price, total; the last two of all or of none
	buttons, entries, wishes []pair      // label and address
}

// costed reports whether it tells what the items cost.
func (s spoken) costed() bool { return len(s.items) > 0 && s.items[0][4] != "" }

type pair struct{ label, value string }

func all(phrases []locale.Phrase, l locale.Language) []string {
	said := make([]string, len(phrases))
	for i, p := range phrases {
		said[i] = clean(p.In(l), 4000)
	}
	return said
}

// leads adds a link, unless it leads to no web page.
func leads(list []pair, label locale.Phrase, address string, l locale.Language) []pair {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return list
	}
	return append(list, pair{single(label.In(l), 200), u.String()})
}

// clean takes out what could hide or reorder text, and cuts it off behind so many characters.
func clean(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError, r == '\u2028', r == '\u2029':
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// single is clean, in one line.
func single(s string, most int) string {
	return clean(strings.ReplaceAll(s, "\n", " "), most)
}
