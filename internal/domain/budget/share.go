package budget

import (
	"slices"

	"kontor/internal/base/id"
)

// Share is what one purchase order has in one budget: the sum of its entries. All figures are minor units.
type Share struct {
	Budget        id.Budget
	Period        string // the key of the period that it was held in
	PurchaseOrder id.PurchaseOrder
	Held          int64
	Spent         int64 // booked, and not come back
	Requested     int64 // beyond what was left, and not decided
	Ended         bool  // booked or released
	keys          []string
}

// Shares sums entries by purchase order and budget, in the order in which each first appears. Entries of no purchase
// order are left out. A share is complete when all entries of its purchase order are given.
func Shares(entries []Entry) []Share {
	type pair struct {
		budget id.Budget
		po     id.PurchaseOrder
	}
	var all []Share
	at := map[pair]int{}
	for _, e := range entries {
		if e.PurchaseOrder.IsZero() {
			continue
		}
		i, found := at[pair{e.Budget, e.PurchaseOrder}]
		if !found {
			i = len(all)
			at[pair{e.Budget, e.PurchaseOrder}] = i
			all = append(all, Share{Budget: e.Budget, Period: e.Period, PurchaseOrder: e.PurchaseOrder})
		}
		all[i] = all[i].Plus(e)
	}
	return all
}

// Plus is the share after one more of its entries.
func (s Share) Plus(e Entry) Share {
	if s.keys == nil {
		s.Budget, s.Period, s.PurchaseOrder = e.Budget, e.Period, e.PurchaseOrder
	}
	s.keys = append(slices.Clip(s.keys), e.Key)
	s.Held += e.Held
	s.Requested += e.Requested
	switch e.Move {
	case Book:
		s.Spent += e.Spent
		s.Ended = true
	case Release:
		s.Ended = true
	case Credit:
		s.Spent -= e.Available // also when it went into a later period
	}
	return s
}

func (s Share) did(key string) bool { return slices.Contains(s.keys, key) }
