package money

import "encoding/json"

// inJSON is how amounts and unit prices look outside: {"amount":"12.30","currency":"EUR"}.
type inJSON struct {
	Amount   string   `json:"amount"`
	Currency Currency `json:"currency"`
}

// MarshalJSON writes {"amount":"12.30","currency":"EUR"}.
func (m Money) MarshalJSON() ([]byte, error) { return json.Marshal(inJSON{m.Amount(), m.Currency}) }

// UnmarshalJSON reads what MarshalJSON writes; ErrMalformed, ErrRange or ErrCurrencyCode for anything else.
func (m *Money) UnmarshalJSON(b []byte) error {
	in, err := fromJSON(b)
	if err != nil {
		return err
	}
	read, err := Parse(in.Amount, in.Currency)
	if err != nil {
		return err
	}
	if in.Currency == "" && !read.IsZero() {
		return ErrCurrencyCode
	}
	*m = read
	return nil
}

// MarshalJSON writes {"amount":"0.0123","currency":"EUR"}.
func (r Rate) MarshalJSON() ([]byte, error) { return json.Marshal(inJSON{r.Amount(), r.Currency}) }

// UnmarshalJSON reads what MarshalJSON writes; ErrMalformed, ErrRange or ErrCurrencyCode for anything else.
func (r *Rate) UnmarshalJSON(b []byte) error {
	in, err := fromJSON(b)
	if err != nil {
		return err
	}
	read, err := ParseRate(in.Amount, in.Currency)
	if err != nil {
		return err
	}
	if in.Currency == "" && read.E4 != 0 {
		return ErrCurrencyCode
	}
	*r = read
	return nil
}

// fromJSON reads the two parts; the zero Money has no currency, and so may what is read.
func fromJSON(b []byte) (inJSON, error) {
	var in inJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return inJSON{}, ErrMalformed.Because(err)
	}
	if in.Currency == "" {
		return in, nil
	}
	if !in.Currency.Formed() { // it may have been withdrawn since it was written
		return in, ErrCurrencyCode
	}
	return in, nil
}
