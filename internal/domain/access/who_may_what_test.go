package access_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
)

// script is the page who_may_what.txt, as far as it has been read.
type script struct {
	t      *testing.T
	places map[string]tree.Path
	people map[string]access.Actor
}

var reaches = map[string]access.Reach{
	"orders": access.ViewOrders, "people": access.ViewMembers, "quotes": access.ViewQuotes, "purchase orders": access.ViewPurchaseOrders,
}

func TestWhoMayWhat(t *testing.T) {
	text, err := os.ReadFile("testdata/who_may_what.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := script{t, map[string]tree.Path{}, map[string]access.Actor{}}
	said := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word := strings.Fields(line)
		switch {
		case word[0] == "place":
			s.places[word[1]] = tree.Path(strings.Join(word[2:], ""))
		case word[0] == "person":
			s.cast(word[1:])
		default:
			if want, got := s.read(line); got != want {
				t.Errorf("it is not so: %s", line)
			}
			said++
		}
	}
	if said < 70 {
		t.Errorf("only %d sentences were read", said)
	}
}

func (s script) cast(word []string) {
	path := tree.Path(strings.TrimPrefix(word[1], "-"))
	actor := access.Actor{Kind: access.Member, Member: id.NewMember(time.UnixMilli(int64(1000 + len(s.people)))), At: path, Name: word[0]}
	rest := strings.Join(word[2:], " ")
	for end, regime := range regimes {
		if cut, ok := strings.CutSuffix(rest, end); ok {
			rest, actor.Regime = cut, regime
		}
	}
	var grants []access.Grant
	for role := range strings.SplitSeq(rest, ", ") {
		key, place, _ := strings.Cut(role, "@")
		grants = append(grants, access.Grant{Place: s.place(place), Set: s.shipped(key)})
	}
	s.people[word[0]] = actor.Holding(grants)
}

var regimes = map[string]access.Regime{", blocked": access.Looking, ", pending": access.Waiting, ", pending with the catalogue": access.WaitingGoods,
	", pending with prices": access.WaitingPrices, ", rejected": access.Amending, ", closed": access.Shut}

func (s script) place(name string) tree.Path {
	p, ok := s.places[name]
	if !ok && name != "" {
		s.t.Fatalf("there is no place %q", name)
	}
	return p
}

func (s script) person(name string) access.Actor {
	a, ok := s.people[name]
	if !ok {
		s.t.Fatalf("there is nobody called %q", name)
	}
	return a
}

// shipped is what a shipped role permits, or one leaf by its code.
func (s script) shipped(key string) access.Set {
	for _, r := range access.Shipped(access.Buyer) {
		if r.Key == key {
			return r.Set.Normalise()
		}
	}
	p, err := access.Parse(key)
	if err != nil {
		s.t.Fatal(err)
	}
	return access.SetOf(p)
}

// read says what a sentence claims, and what is so.
func (s script) read(line string) (want, got bool) {
	left, right, _ := strings.Cut(line, " at ")
	place, to, _ := strings.Cut(right, " to ")
	at := s.place(place)
	if who, what, ok := strings.Cut(left, " may not give "); ok {
		a := s.person(who)
		return false, a.RequireToGive(s.shipped(what), at, s.person(to).Member) == nil
	}
	if who, what, ok := strings.Cut(left, " may give "); ok {
		a := s.person(who)
		return true, a.RequireToGive(s.shipped(what), at, s.person(to).Member) == nil
	}
	for verb, want := range map[string]bool{" does not see ": false, " sees ": true} {
		if who, what, ok := strings.Cut(left, verb); ok {
			kind, owner, _ := strings.Cut(what, " of ")
			r, known := reaches[kind]
			if !known {
				s.t.Fatalf("nobody owns %q", kind)
			}
			a, o := s.person(who), s.person(owner)
			return want, a.Reaches(r, access.Thing{Owner: o.Member, OwnerAt: o.At, At: at})
		}
	}
	for verb, want := range map[string]bool{" may not ": false, " may ": true} {
		who, code, ok := strings.Cut(left, verb)
		if !ok || strings.HasPrefix(code, "not ") {
			continue
		}
		p, err := access.Parse(code)
		if err != nil {
			s.t.Fatal(err)
		}
		a := s.person(who)
		return want, a.May(p, at)
	}
	s.t.Fatalf("this sentence cannot be read: %s", line)
	return false, false
}
