package portal

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// queueBar narrows what waits: the bar above the list, and what the address says.
type queueBar struct {
	bar      ui.Filters
	filter   view.QueueFilter
	narrowed bool // besides being sorted
}

// waits are after how many hours one may look for what waits.
var waits = []int{24, 48, 72, 168}

func (v *visit) queueBar(c approving.Choices) queueBar {
	f := view.QueueFilter{Text: v.query("q"), Requester: filter(v, "requester", id.ParseMember), Unit: filter(v, "unit", id.ParseUnit), Why: filter(v, "why", approval.ParseCause),
		Needed: filter(v, "needed", date.Parse), Waits: time.Duration(filter(v, "waits", hours)) * time.Hour}
	currencies := currenciesOf(c.Askers)
	f.Currency = filter(v, "currency", money.ParseCurrency)
	in := f.Currency
	if in == "" && len(currencies) > 0 {
		in = currencies[0]
	}
	f.From, f.To = v.bound("from", in), v.bound("to", in)
	if f.From != nil || f.To != nil {
		f.Currency = in
	}
	b := queueBar{filter: f, bar: ui.Filters{Action: "/approvals", Clear: v.here("q", "", "requester", "", "unit", "", "why", "", "needed", "", "waits", "", "currency", "", "from", "", "to", ""),
		Search: ui.SearchField{Label: v.T("Number, reference or requester"), Value: f.Text}}}
	b.fields(v, c, currencies)
	b.narrowed = len(b.bar.Chips) > 0
	return b
}

// bound is an amount of the address, in the smallest unit of a currency.
func (v *visit) bound(name string, c money.Currency) *int64 {
	if v.query(name) == "" {
		return nil
	}
	m := filter(v, name, func(typed string) (*money.Money, error) {
		m, err := money.Parse(v.l.Plain(typed), c)
		return &m, err
	})
	if m == nil {
		return nil
	}
	return &m.Minor
}

// hours reads a number of hours, up to a year.
func hours(typed string) (int, error) {
	n, err := strconv.Atoi(typed)
	if err != nil || n < 1 || n > 8760 {
		return 0, errFilter
	}
	return n, nil
}

func currenciesOf(all []view.Asker) (currencies []money.Currency) {
	for _, a := range all {
		if !slices.Contains(currencies, a.Currency) {
			currencies = append(currencies, a.Currency)
		}
	}
	return currencies
}

// fields are those of the bar, and the chips of what holds.
func (b *queueBar) fields(v *visit, c approving.Choices, currencies []money.Currency) {
	f := b.filter
	chip := func(name, label string) { b.bar.Chips = append(b.bar.Chips, v.chip(label, name)) }
	add := func(more bool, field ui.Field) {
		field.Value = v.query(field.Name)
		if more {
			b.bar.More = append(b.bar.More, field)
		} else {
			b.bar.Fields = append(b.bar.Fields, field)
		}
	}
	if f.Text != "" {
		chip("q", f.Text)
	}
	why := []ui.Option{{Label: v.T("For any reason")}}
	for _, r := range c.Why {
		why = append(why, ui.Option{Value: string(r.Cause()), Label: v.cause(r)})
	}
	requesters, units := v.askers(c.Askers)
	add(false, ui.Field{As: ui.AsSelect, Name: "why", Label: v.T("Why you"), Options: why})
	add(true, ui.Field{As: ui.AsSelect, Name: "requester", Label: v.T("Requester"), Options: requesters, Find: "/structure/find?of=" + ofRequesters})
	add(true, ui.Field{As: ui.AsSelect, Name: "unit", Label: v.T("Unit"), Options: units})
	spans := []ui.Option{{Label: v.T("However long")}}
	for _, h := range waits {
		spans = append(spans, ui.Option{Value: strconv.Itoa(h), Label: v.longer(h)})
	}
	if n := int(f.Waits / time.Hour); n > 0 && !slices.Contains(waits, n) {
		spans = append(spans, ui.Option{Value: strconv.Itoa(n), Label: v.longer(n)})
	}
	add(true, ui.Field{As: ui.AsSelect, Name: "waits", Label: v.T("Waiting for"), Options: spans})
	unit := ""
	if len(currencies) == 1 {
		unit = string(currencies[0])
	}
	add(true, ui.Field{As: ui.AsMoney, Name: "from", Label: v.T("Total of at least"), Unit: unit, MaxLength: text.MostSum})
	add(true, ui.Field{As: ui.AsMoney, Name: "to", Label: v.T("Total of at most"), Unit: unit, MaxLength: text.MostSum})
	if len(currencies) > 1 {
		in := []ui.Option{{Label: v.T("Any currency")}}
		for _, c := range currencies {
			in = append(in, ui.Option{Value: string(c), Label: string(c)})
		}
		add(true, ui.Field{As: ui.AsSelect, Name: "currency", Label: v.T("Currency"), Options: in})
	}
	add(true, ui.Field{As: ui.AsDate, Name: "needed", Label: v.T("Wanted until")})

	unknown := v.T("nothing of which waits")
	if f.Why != "" {
		chip("why", v.T("Why you: %s", ifEmpty(labelOf(why, string(f.Why)), unknown)))
	}
	if !f.Requester.IsZero() {
		chip("requester", v.T("Requester: %s", ifEmpty(labelOf(requesters, f.Requester.String()), unknown)))
	}
	if !f.Unit.IsZero() {
		chip("unit", v.T("Unit: %s", ifEmpty(labelOf(units, f.Unit.String()), unknown)))
	}
	if f.Waits > 0 {
		chip("waits", v.longer(int(f.Waits/time.Hour)))
	}
	if f.From != nil {
		chip("from", v.T("At least %s", money.Of(*f.From, f.Currency)))
	}
	if f.To != nil {
		chip("to", v.T("At most %s", money.Of(*f.To, f.Currency)))
	}
	if v.query("currency") != "" {
		chip("currency", string(f.Currency))
	}
	if f.Needed != "" {
		chip("needed", v.T("Wanted until %s", f.Needed))
	}
}

// askers are whose purchase orders wait, and for which units, to choose from.
func (v *visit) askers(all []view.Asker) (requesters, units []ui.Option) {
	requesters, units = []ui.Option{{Label: v.T("Everybody")}}, []ui.Option{{Label: v.T("All units")}}
	add := func(options *[]ui.Option, value, label string) {
		if !slices.ContainsFunc(*options, func(o ui.Option) bool { return o.Value == value }) {
			*options = append(*options, ui.Option{Value: value, Label: label})
		}
	}
	for _, a := range all {
		add(&requesters, a.Requester.String(), a.RequesterName)
		add(&units, a.Unit.String(), a.UnitName)
	}
	slices.SortStableFunc(units[1:], func(a, b ui.Option) int { return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	return requesters, units
}

// requestersNamed are those whose purchase orders wait for the reader and whose names have this text.
func (v *visit) requestersNamed(text string, most int) ([]ui.Option, error) {
	if !v.actor.MaySomewhere(access.PurchaseOrdersApprove) {
		return nil, nil
	}
	c, err := v.Approving.Choices(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	requesters, _ := v.askers(c.Askers)
	fit := slices.DeleteFunc(requesters[1:], func(o ui.Option) bool { return !strings.Contains(strings.ToLower(o.Label), strings.ToLower(text)) })
	return fit[:min(len(fit), most)], nil
}

// cause is what a reason is called among others.
func (v *visit) cause(r approval.Reason) string {
	switch c := r.Cause(); {
	case c == approval.OfParent:
		return v.T("A rule of a company above")
	case r.Kind == approval.ByRule:
		return v.T("Rule “%s”", r.Name)
	case c == approval.Cause(approval.ByBudget):
		return v.T("A budget")
	case c == approval.Cause(approval.ByCredit):
		return v.T("The credit limit")
	}
	return v.T("A limit")
}

// longer says for more than how long something waits.
func (v *visit) longer(hours int) string {
	if hours > 48 && hours%24 == 0 {
		return v.N(hours/24, "Longer than %d day", "Longer than %d days")
	}
	return v.N(hours, "Longer than %d hour", "Longer than %d hours")
}
