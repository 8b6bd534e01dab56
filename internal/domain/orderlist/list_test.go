package orderlist_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/orderlist"
)

var now = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

func line(n int64) orderlist.Line {
	return orderlist.Line{ID: id.NewOrderListLine(now), Product: id.NewProduct(now), SKU: fmt.Sprint("S", n), Name: fmt.Sprint("N", n), Quantity: quantity.Of(n)}
}

// list has lines of 1, 2, 3 … units.
func list(n int64) orderlist.List {
	l := orderlist.List{ID: id.NewOrderList(now), Owner: id.NewMember(now), Name: "Weekly", Version: 7}
	for i := range n {
		l.Lines = append(l.Lines, line(i+1))
	}
	return l
}

func said(l orderlist.List) string {
	var all []string
	for _, x := range l.Lines {
		all = append(all, x.Quantity.String())
	}
	return strings.Join(all, " ")
}

func TestLinesAreChangedAsTheyWereSeen(t *testing.T) {
	l := list(3)
	twice := l.Lines[1]
	twice.ID, twice.Quantity, twice.Note = id.NewOrderListLine(now), quantity.Of(10), "for the van"
	much := twice
	much.Quantity = quantity.Most
	long := twice
	long.Note = strings.Repeat("x", orderlist.LongestNote+1)
	keys := func(at ...int) (all []id.OrderListLine) {
		for _, i := range at {
			all = append(all, l.Lines[i].ID)
		}
		return all
	}
	tests := []struct {
		name string
		do   func() (orderlist.List, error)
		want string
		err  error
	}{
		{"a new product comes last", func() (orderlist.List, error) { return l.Add(line(9)) }, "1 2 3 9", nil},
		{"a product that is there gets more", func() (orderlist.List, error) { return l.Add(twice) }, "1 12 3", nil},
		{"more than can be counted is refused", func() (orderlist.List, error) { return l.Add(much) }, "", quantity.ErrRange},
		{"a note that is too long is refused", func() (orderlist.List, error) { return l.Add(long) }, "", fault.ErrInput},
		{"a line changes", func() (orderlist.List, error) { return l.Change(7, l.Lines[0].ID, quantity.Of(5), "") }, "5 2 3", nil},
		{"nothing of it is no quantity", func() (orderlist.List, error) { return l.Change(7, l.Lines[0].ID, 0, "") }, "", fault.ErrInput},
		{"who saw another version changes nothing", func() (orderlist.List, error) { return l.Change(6, l.Lines[0].ID, quantity.Of(5), "") }, "", orderlist.ErrStale},
		{"a line of another list is not there", func() (orderlist.List, error) { return l.Change(7, id.NewOrderListLine(now), quantity.Of(5), "") }, "", orderlist.ErrLine},
		{"lines are removed", func() (orderlist.List, error) { return l.Remove(7, keys(0, 2)...) }, "2", nil},
		{"all or none", func() (orderlist.List, error) { return l.Remove(7, l.Lines[0].ID, id.NewOrderListLine(now)) }, "", orderlist.ErrLine},
		{"removing needs the version, too", func() (orderlist.List, error) { return l.Remove(8, keys(0)...) }, "", orderlist.ErrStale},
		{"the last one comes first", func() (orderlist.List, error) { return l.Place(7, l.Lines[2].ID, 1) }, "3 1 2", nil},
		{"the first one goes last", func() (orderlist.List, error) { return l.Place(7, l.Lines[0].ID, 99) }, "2 3 1", nil},
		{"one further down", func() (orderlist.List, error) { return l.Place(7, l.Lines[0].ID, 2) }, "2 1 3", nil},
		{"there is no place before the first", func() (orderlist.List, error) { return l.Place(7, l.Lines[0].ID, 0) }, "", orderlist.ErrPosition},
		{"places need the version", func() (orderlist.List, error) { return l.Place(1, l.Lines[0].ID, 2) }, "", orderlist.ErrStale},
	}
	for _, test := range tests {
		got, err := test.do()
		if !errors.Is(err, test.err) || err == nil && (said(got) != test.want || got.Version != 8) {
			t.Errorf("%s: %q in version %d, %v; want %q, %v", test.name, said(got), got.Version, err, test.want, test.err)
		}
		if said(l) != "1 2 3" || l.Version != 7 {
			t.Fatalf("%s: the list itself has changed: %s", test.name, said(l))
		}
	}
	if got, err := l.Add(twice); err != nil || got.Lines[1].ID != l.Lines[1].ID || got.Lines[1].Note != "for the van" {
		t.Errorf("who adds to a line keeps it and gets the note: %+v, %v", got.Lines[1], err)
	}
}

func TestAListHasAThousandLines(t *testing.T) {
	l := list(orderlist.MostLines)
	if _, err := l.Add(l.Lines[0]); err != nil {
		t.Errorf("a product that is there needs no room: %v", err)
	}
	if _, err := l.Add(line(1)); !errors.Is(err, orderlist.ErrFull) {
		t.Errorf("line 1001: %v", err)
	}
}

func TestNamesSayWhatIsWrongWithThemAllAtOnce(t *testing.T) {
	_, err := list(0).Called(" \t", strings.Repeat("x", orderlist.LongestDescription+1))
	if f := fault.Of(err); f == nil || len(f.Fields) != 2 || f.Fields[0].Name != "name" || f.Fields[1].Name != "description" {
		t.Errorf("%v", err)
	}
	if l, err := list(0).Called("  Weekly   van ", ""); err != nil || l.Name != "Weekly van" || orderlist.Key("WEEKLY  van") != orderlist.Key(l.Name) {
		t.Errorf("%q, %v", l.Name, err)
	}
}

func TestWhoMayDoWhatWithAList(t *testing.T) {
	owner, other := id.NewMember(now), id.NewMember(now)
	unit, elsewhere := id.NewUnit(now), id.NewUnit(now)
	share := func(all ...orderlist.Share) orderlist.List {
		return orderlist.List{Owner: owner, Shares: all}
	}
	tests := []struct {
		name   string
		list   orderlist.List
		member id.Member
		units  []id.Unit
		want   orderlist.Hold
	}{
		{"its owner all", share(), owner, nil, orderlist.Owns},
		{"others nothing", share(), other, []id.Unit{unit}, orderlist.None},
		{"who is named reads", share(orderlist.Share{Member: other}), other, nil, orderlist.Reads},
		{"who is named to write writes", share(orderlist.Share{Member: other, Writes: true}), other, nil, orderlist.Writes},
		{"who stands in a unit reads", share(orderlist.Share{Unit: unit}), other, []id.Unit{elsewhere, unit}, orderlist.Reads},
		{"who stands in another one does not", share(orderlist.Share{Unit: unit}), other, []id.Unit{elsewhere}, orderlist.None},
		{"who stands in none does not", share(orderlist.Share{Unit: unit, Writes: true}), other, nil, orderlist.None},
		{"the whole company reads", share(orderlist.Share{}), other, nil, orderlist.Reads},
		{"another member's share is theirs", share(orderlist.Share{Member: id.NewMember(now), Writes: true}), other, nil, orderlist.None},
		{"the strongest right counts", share(orderlist.Share{}, orderlist.Share{Unit: unit, Writes: true}, orderlist.Share{Member: other}), other, []id.Unit{unit}, orderlist.Writes},
		{"a template all read", orderlist.List{}, other, nil, orderlist.Reads},
		{"nobody owns a template", orderlist.List{}, id.Member{}, nil, orderlist.Reads},
	}
	for _, test := range tests {
		if got := test.list.Held(test.member, test.units); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}

func TestSharesAreNamedOnce(t *testing.T) {
	l := list(1)
	other, unit := id.NewMember(now), id.NewUnit(now)
	if _, err := l.Share(6, nil); !errors.Is(err, orderlist.ErrStale) {
		t.Errorf("who saw another version: %v", err)
	}
	_, err := l.Share(7, []orderlist.Share{{Member: l.Owner}, {Member: other}, {Member: other, Writes: true}, {Member: other, Unit: unit}, {}, {Writes: true}})
	if f := fault.Of(err); !errors.Is(err, orderlist.ErrShares) || len(f.Fields) != 4 {
		t.Errorf("the owner, twice the same, two at once: %v", err)
	}
	if _, err := (orderlist.List{}).Share(0, nil); !errors.Is(err, orderlist.ErrTemplate) {
		t.Errorf("a template: %v", err)
	}
	before, err := l.Share(7, []orderlist.Share{{Member: other}})
	if err != nil {
		t.Fatal(err)
	}
	after, err := before.Share(8, []orderlist.Share{{Member: other, Writes: true}, {Unit: unit}, {}})
	if fresh := after.Fresh(before); err != nil || len(fresh) != 2 || fresh[0].Unit != unit || !fresh[1].Whole() {
		t.Errorf("who is new hears of it, who gets another right does not: %+v, %v", fresh, err)
	}
}

func TestWhoeverTakesOverHasEachNameOnce(t *testing.T) {
	to, other := id.NewMember(now), id.NewMember(now)
	taken := map[string]bool{}
	is := func(key string) bool { return taken[key] }
	l := list(1)
	l.Shares = []orderlist.Share{{Member: to}, {Member: other, Writes: true}}
	for i, want := range []string{"Weekly", "Weekly (Ann Archer)", "Weekly (Ann Archer 2)", "Weekly (Ann Archer 3)"} {
		got := l.Pass(to, "Ann Archer", is)
		if got.Name != want || got.Owner != to || len(got.Shares) != 1 || got.Shares[0].Member != other || got.Version != 8 {
			t.Errorf("list %d: %+v, want %q", i, got, want)
		}
		taken[orderlist.Key(got.Name)] = true
	}
	l.Name = strings.Repeat("ä", orderlist.LongestName)
	taken[orderlist.Key(l.Name)] = true
	if got := l.Pass(to, "Ann Archer", is); utf8.RuneCountInString(got.Name) > orderlist.LongestName || taken[orderlist.Key(got.Name)] {
		t.Errorf("a long name stays within its bounds: %q", got.Name)
	}
}

func TestASuccessorTakesThePlaceInShares(t *testing.T) {
	leaver, to, other := id.NewMember(now), id.NewMember(now), id.NewMember(now)
	tests := []struct {
		name  string
		owner id.Member
		was   []orderlist.Share
		want  []orderlist.Share
	}{
		{"in their place", other, []orderlist.Share{{Member: leaver, Writes: true}}, []orderlist.Share{{Member: to, Writes: true}}},
		{"the stronger right counts", other, []orderlist.Share{{Member: to}, {Member: leaver, Writes: true}}, []orderlist.Share{{Member: to, Writes: true}}},
		{"and is not lost", other, []orderlist.Share{{Member: to, Writes: true}, {Member: leaver}}, []orderlist.Share{{Member: to, Writes: true}}},
		{"an owner needs no share", to, []orderlist.Share{{Member: leaver}, {}}, []orderlist.Share{{}}},
		{"what was not shared with them stays", other, []orderlist.Share{{}}, []orderlist.Share{{}}},
	}
	for _, test := range tests {
		got := orderlist.List{Owner: test.owner, Shares: test.was}.Replace(leaver, to)
		if fmt.Sprint(got.Shares) != fmt.Sprint(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got.Shares, test.want)
		}
	}
}

func TestWhatChangedIsTold(t *testing.T) {
	l := list(3)
	after, err := l.Change(7, l.Lines[0].ID, quantity.Of(5), "")
	if err != nil {
		t.Fatal(err)
	}
	if after, err = after.Remove(8, l.Lines[1].ID); err != nil {
		t.Fatal(err)
	}
	if after, err = after.Add(line(9)); err != nil {
		t.Fatal(err)
	}
	e := after.Changes(l)
	if len(e.Added) != 1 || e.Added[0].Quantity != "9" || len(e.Changed) != 1 || e.Changed[0].Quantity != "5" || len(e.Removed) != 1 || e.Removed[0].SKU != "S2" || e.Sorted {
		t.Errorf("%+v", e)
	}
	placed, err := l.Place(7, l.Lines[0].ID, 3)
	if e := placed.Changes(l); err != nil || !e.Sorted || len(e.Added)+len(e.Changed)+len(e.Removed) > 0 {
		t.Errorf("another order: %+v, %v", e, err)
	}
}
