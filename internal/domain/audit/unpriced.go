package audit

import "encoding/json"

// Unpriced is the entry for somebody who is not shown what was ordered came to: what tells of a purchase order tells no amount,
// and nothing by which one that is guessed is proved. Everything else is as it was.
func (e Entry) Unpriced() Entry {
	if body, cut := Unpriced(e.Body); cut {
		e.Body, e.Hash = body, ""
	}
	return e
}

// Priced reports whether the entry tells what something ordered came to.
func (e Entry) Priced() bool {
	_, cut := Unpriced(e.Body)
	return cut
}

// Unpriced is the body of an event without what tells what a purchase order came to, and whether there was such a thing.
func Unpriced(body json.RawMessage) (json.RawMessage, bool) {
	var facts map[string]json.RawMessage
	if json.Unmarshal(body, &facts) != nil || facts["purchase_order_id"] == nil {
		return body, false
	}
	cut := false
	for name, value := range facts {
		if name == "content_hash" || amount(value) {
			delete(facts, name)
			cut = true
		}
	}
	if !cut {
		return body, false
	}
	left, err := json.Marshal(facts)
	if err != nil {
		return json.RawMessage("{}"), true // what was read as JSON is written as such
	}
	return left, true
}

// amount reports whether a value is one of money.
func amount(value json.RawMessage) bool {
	var parts map[string]json.RawMessage
	return json.Unmarshal(value, &parts) == nil && parts["amount"] != nil && parts["currency"] != nil
}
