package demo

import (
	"context"
	"errors"
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/orderlist"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/collecting"
)

// kept is a list of the demo world: whose it is, what stands on it, and with whom it is shared.
type kept struct {
	by    *Person
	list  collecting.CreateInput
	lines []collecting.AddLine
	with  []collecting.With
}

// lists are what people keep to order again: Linda for herself, an assistant with all of purchasing, and the administrator for
// everybody.
func (p *planting) lists(ctx context.Context) error {
	p.clock.reach(p.now.Add(-110 * time.Minute))
	linda, annette := p.source.login("linda2"), p.source.login("annette0")
	purchasing := collecting.With{Share: orderlist.Share{Unit: p.firm.units[slug("Purchasing")], Writes: true}}
	for _, k := range []kept{
		{by: linda, list: collecting.CreateInput{Name: "Every other week", Description: "What runs out first. The day before the stock count."}, lines: p.habits(linda, 6)},
		{by: annette, list: collecting.CreateInput{Name: "Small parts for the line", Description: "Whoever of us places the next order takes these along, and adds what they have been asked for."},
			lines: p.habits(annette, 4), with: []collecting.With{purchasing}},
		{by: p.source.head("Information Services"), list: collecting.CreateInput{Name: "Spares for a test bicycle", Description: "What every bicycle on the test track needs sooner or later: one of each.", Template: true}, lines: p.spares()},
	} {
		if err := p.keep(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

// keep makes a list that is not there yet.
func (p *planting) keep(ctx context.Context, k kept) error {
	owner, err := p.firm.as(ctx, p.firm.members[k.by])
	if err != nil {
		return err
	}
	l, err := p.collecting.Create(ctx, owner, k.list)
	if errors.Is(err, orderlist.ErrNamed) {
		return nil
	}
	if err != nil {
		return err
	}
	done, err := p.collecting.Add(ctx, owner, collecting.AddInput{List: l.ID, Lines: k.lines})
	if err != nil || len(k.with) == 0 {
		return err
	}
	_, err = p.collecting.Share(ctx, owner, collecting.ShareInput{List: l.ID, Version: done.Version, With: k.with})
	return err
}

// habits are what somebody ordered most often, each as much as the last time.
func (p *planting) habits(buyer *Person, most int) (lines []collecting.AddLine) {
	often := map[id.Product]int{}
	for _, o := range p.source.Orders {
		for _, l := range o.Lines {
			key := p.products[item(l.SKU, o.Vendor)]
			if o.Buyer != buyer || key.IsZero() {
				continue
			}
			if often[key]++; often[key] == 1 {
				lines = append(lines, collecting.AddLine{Product: key})
			}
			lines[slices.IndexFunc(lines, func(x collecting.AddLine) bool { return x.Product == key })].Quantity = l.Quantity
		}
	}
	slices.SortStableFunc(lines, func(a, b collecting.AddLine) int { return often[b.Product] - often[a.Product] })
	return lines[:min(most, len(lines))]
}

// spares are parts that bicycles for tests wear out.
func (p *planting) spares() (lines []collecting.AddLine) {
	notes := map[string]string{"HB-T721": "Look at the tape before ordering new ones"}
	for _, sku := range []string{"SA-T612", "HB-T721", "RD-2308", "FD-2342", "BB-7421"} {
		lines = append(lines, collecting.AddLine{Product: p.products[sku], Quantity: quantity.One, Note: notes[sku]})
	}
	return lines
}

// away has the facilities manager go on holiday, so that the administrator is asked in his place about what is hazardous.
func (p *planting) away(ctx context.Context) error {
	manager, err := p.firm.as(ctx, p.firm.members[p.source.head("Facilities and Maintenance")])
	if err != nil {
		return err
	}
	terms := approving.DeputyTerms{Until: date.On(p.clock.time(), pacific()).Plus(weeksAway * 7), Note: "On holiday"}
	in := approving.AppointInput{By: p.firm.members[p.source.head("Information Services")], DeputyTerms: terms, Key: "demo"}
	if _, err := p.approving.Appoint(ctx, manager, in); err != nil {
		return err
	}
	_, err = p.approving.Reroute(ctx, access.System(id.Company{})) // as the timetable does
	return err
}

// weeksAway is how long somebody of the demo world is away, from when it is planted on.
const weeksAway = 3
