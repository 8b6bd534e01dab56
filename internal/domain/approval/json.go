package approval

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
)

// ParseRule reads a rule as the API and the tables know it, and checks it. Unknown, repeated and differently spelt
// fields are refused.
func ParseRule(b []byte) (Rule, error) {
	var r Rule
	if err := json.Unmarshal(b, &r); err != nil {
		return Rule{}, unreadable(err)
	}
	return r, r.Check()
}

// unreadable is err as a fault: its own where it is one.
func unreadable(err error) error {
	if f := fault.Of(err); f != nil {
		return f
	}
	return fault.ErrInput.With("this rule cannot be read: %s", strings.TrimPrefix(err.Error(), "json: ")).Because(err)
}

// plainRule is a rule without its own way to be read.
type plainRule Rule

// UnmarshalJSON reads a rule strictly; it does not check it.
func (r *Rule) UnmarshalJSON(b []byte) error {
	plain := plainRule{Basis: Net}
	if err := strictly(b, &plain); err != nil {
		return err
	}
	plain.Company = r.Company
	*r = Rule(plain)
	return nil
}

// MarshalText writes the unit; "" is the whole company.
func (p Place) MarshalText() ([]byte, error) { return p.Unit.MarshalText() }

// UnmarshalText reads the unit; the path is for who knows the structure.
func (p *Place) UnmarshalText(b []byte) error {
	*p = Place{}
	return p.Unit.UnmarshalText(b)
}

// Locate fills in where the units of r stand. A unit that is not there any more is left out of what the rule is
// narrowed to, unless it was the last: then, as when the rule's own unit is gone, the rule applies to the whole company.
func (r Rule) Locate(places map[id.Unit]Place) Rule {
	r.At = places[r.At.Unit]
	var units []Place
	for _, u := range r.AppliesTo.Units {
		if p, ok := places[u.Unit]; ok {
			units = append(units, p)
		}
	}
	r.AppliesTo.Units = units
	return r
}

type stepJSON struct {
	Above *amountJSON  `json:"above,omitempty"`
	When  Condition    `json:"when,omitzero"`
	Then  *Requirement `json:"then"`
}

// MarshalJSON writes the condition of s as its text.
func (s Step) MarshalJSON() ([]byte, error) {
	return json.Marshal(stepJSON{wireAmount(s.Above), s.When, &s.Then})
}

// UnmarshalJSON reads s strictly.
func (s *Step) UnmarshalJSON(b []byte) error {
	var w stepJSON
	if err := strictly(b, &w); err != nil {
		return err
	}
	above, err := w.Above.read()
	*s = Step{Above: above, When: w.When}
	if w.Then != nil {
		s.Then = *w.Then
	}
	return err
}

type requirementJSON struct {
	Effect Effect        `json:"effect"`
	UpTo   *amountJSON   `json:"up_to,omitempty"`
	Stages []WantedStage `json:"stages,omitempty"`
}

// MarshalJSON writes the effect as a word: "nothing", "ask", "approve" or "refuse".
func (r Requirement) MarshalJSON() ([]byte, error) {
	w := requirementJSON{r.Effect, wireAmount(r.UpTo), r.Stages}
	if w.Effect == Nothing {
		w.Effect = "nothing"
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads r strictly.
func (r *Requirement) UnmarshalJSON(b []byte) error {
	var w requirementJSON
	if err := strictly(b, &w); err != nil {
		return err
	}
	switch w.Effect {
	case "nothing":
		w.Effect = Nothing
	case "":
		return fault.ErrInput.With("a requirement says its effect: nothing, ask, approve or refuse")
	}
	upTo, err := w.UpTo.read()
	*r = Requirement{w.Effect, upTo, w.Stages}
	return err
}

// strictly reads b into v: every field is known, written as we write it, and there once; nothing follows.
func strictly(b []byte, v any) error {
	if err := onceEach(json.NewDecoder(bytes.NewReader(b))); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fault.ErrInput.With("something follows the end of the JSON value")
	}
	return nil
}

// onceEach walks one value and refuses keys that come twice or hold a capital: encoding/json would take the last one,
// and "Name" for "name".
func onceEach(d *json.Decoder) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			t, err := d.Token()
			if err != nil {
				return err
			}
			key, _ := t.(string)
			if seen[key] || key != strings.ToLower(key) {
				return fault.ErrInput.With("the field %q is there twice, or not spelt as it should be", key)
			}
			seen[key] = true
		}
		if err := onceEach(d); err != nil {
			return err
		}
	}
	_, err = d.Token() // the closing one
	return err
}

// amountJSON is money as the API writes it.
type amountJSON struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

func wireAmount(m *money.Money) *amountJSON {
	if m == nil {
		return nil
	}
	return &amountJSON{m.Amount(), string(m.Currency)}
}

func (w *amountJSON) read() (*money.Money, error) {
	if w == nil {
		return nil, nil
	}
	c := money.Currency(w.Currency)
	if !c.Formed() { // whether there is such a currency is asked where a rule is saved: one that is kept stays readable
		return nil, money.ErrCurrencyCode
	}
	m, err := money.Parse(w.Amount, c)
	return &m, err
}
