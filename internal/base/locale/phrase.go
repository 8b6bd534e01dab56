package locale

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

// Phrase is a sentence that is kept now and said later, in the language of whoever reads it.
// The zero Phrase says nothing.
type Phrase struct {
	Format string // the key of its translations
	Many   string // the form for any number but 1; then Args[0] is that number, an int
	Args   []any
}

// Say makes the phrase that T would say.
func Say(format string, args ...any) Phrase { return Phrase{Format: format, Args: args} }

// Count makes the phrase that N would say.
func Count(n int, one, many string, args ...any) Phrase {
	return Phrase{Format: one, Many: many, Args: append([]any{n}, args...)}
}

// Verbatim makes the phrase that is text and the same in every language: a name, or what a person typed.
func Verbatim(text string) Phrase {
	if text == "" {
		return Phrase{}
	}
	return Phrase{Format: "%s", Args: []any{text}}
}

// IsZero reports whether p says nothing.
func (p Phrase) IsZero() bool { return p.Format == "" }

// In is the phrase in this language.
func (p Phrase) In(l Language) string {
	if p.Many == "" {
		return l.T(p.Format, p.Args...)
	}
	n, _ := p.Args[0].(int) // Count and UnmarshalJSON see to it
	return l.N(n, p.Format, p.Many, p.Args[1:]...)
}

// At is the phrase with its times told in this zone.
func (p Phrase) At(zone *time.Location) Phrase {
	moved := make([]any, len(p.Args))
	for i, arg := range p.Args {
		switch arg := arg.(type) {
		case time.Time:
			moved[i] = arg.In(zone)
		case Phrase:
			moved[i] = arg.At(zone)
		default:
			moved[i] = arg
		}
	}
	p.Args = moved
	return p
}

// Unpriced is the phrase for somebody who is not shown what things cost: where it tells of money, only that it does.
func (p Phrase) Unpriced() Phrase {
	if p.tellsMoney() {
		return Say("it is about an amount that you are not shown")
	}
	return p
}

// tellsMoney reports whether p names an amount, a unit price or a share of one, itself or in a phrase inside it.
func (p Phrase) tellsMoney() bool {
	return slices.ContainsFunc(p.Args, func(arg any) bool {
		switch arg := arg.(type) {
		case money.Money, money.Rate, Percent:
			return true
		case Phrase:
			return arg.tellsMoney()
		}
		return false
	})
}

// ErrPhrase is the fault of a phrase that was not kept as MarshalJSON keeps it.
var ErrPhrase = fault.Define(fault.Invalid, "locale.phrase", "this is no phrase")

type written struct {
	Format string     `json:"format"`
	Many   string     `json:"many,omitempty"`
	Args   []argument `json:"args,omitempty"`
}

// argument is one argument; exactly one of its parts is set.
type argument struct {
	Text     *string    `json:"text,omitempty"`
	Int      *int       `json:"int,omitempty"`
	Amount   *string    `json:"money,omitempty"`
	Rate     *string    `json:"rate,omitempty"`
	Currency string     `json:"currency,omitempty"`
	Quantity *int64     `json:"quantity,omitempty"`
	Percent  *int64     `json:"percent,omitempty"`
	Date     *string    `json:"date,omitempty"`
	Time     *time.Time `json:"time,omitempty"`
	Phrase   *Phrase    `json:"phrase,omitempty"`
}

// MarshalJSON keeps the phrase with its arguments by kind. An argument of no kind that T knows is kept as its text.
func (p Phrase) MarshalJSON() ([]byte, error) {
	w := written{Format: p.Format, Many: p.Many}
	for _, arg := range p.Args {
		var a argument
		switch arg := arg.(type) {
		case int:
			a.Int = &arg
		case money.Money:
			a.Amount, a.Currency = new(arg.Amount()), string(arg.Currency)
		case money.Rate:
			a.Rate, a.Currency = new(arg.Amount()), string(arg.Currency)
		case quantity.Quantity:
			a.Quantity = new(int64(arg))
		case Percent:
			a.Percent = new(int64(arg))
		case date.Date:
			a.Date = new(string(arg))
		case time.Time:
			a.Time = new(arg.UTC())
		case Phrase:
			a.Phrase = &arg
		default:
			a.Text = new(fmt.Sprint(arg))
		}
		w.Args = append(w.Args, a)
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON kept. Times come back in UTC.
func (p *Phrase) UnmarshalJSON(b []byte) error {
	var w written
	if err := json.Unmarshal(b, &w); err != nil {
		return ErrPhrase.Because(err)
	}
	read := Phrase{Format: w.Format, Many: w.Many}
	for _, a := range w.Args {
		arg, err := a.value()
		if err != nil {
			return ErrPhrase.Because(err)
		}
		read.Args = append(read.Args, arg)
	}
	if w.Many != "" {
		if len(read.Args) == 0 || w.Args[0].Int == nil {
			return ErrPhrase.With("a phrase that counts begins with its number")
		}
	}
	*p = read
	return nil
}

func (a argument) value() (any, error) {
	switch {
	case a.Int != nil:
		return *a.Int, nil
	case a.Amount != nil:
		return money.Parse(*a.Amount, money.Currency(a.Currency))
	case a.Rate != nil:
		return money.ParseRate(*a.Rate, money.Currency(a.Currency))
	case a.Quantity != nil:
		return quantity.Quantity(*a.Quantity), nil
	case a.Percent != nil:
		return Percent(*a.Percent), nil
	case a.Date != nil && *a.Date == "":
		return date.Date(""), nil
	case a.Date != nil:
		return date.Parse(*a.Date)
	case a.Time != nil:
		return *a.Time, nil
	case a.Phrase != nil:
		return *a.Phrase, nil
	case a.Text != nil:
		return *a.Text, nil
	}
	return nil, ErrPhrase
}

// String is the phrase in English.
func (p Phrase) String() string { return p.In(English) }
