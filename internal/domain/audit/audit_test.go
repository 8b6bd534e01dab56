package audit_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/id"
	"kontor/internal/domain/audit"
)

var now = time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)

func entry(n int) audit.Entry {
	return audit.Entry{
		ID: id.NewEvent(now), Company: id.NewCompany(now), At: now.Add(time.Duration(n) * time.Second), Kind: "member", Account: id.NewAccount(now), Member: id.NewMember(now),
		Name: "Ann", Event: "role.edited", About: "rol_1", Body: json.RawMessage(`{"b": 1, "a": "x"}`), Request: "req_1", Address: "192.0.2.1",
	}
}

func chain(n int) (all []audit.Entry, end audit.Chain) {
	for i := range n {
		e, next := end.Add(entry(i))
		all, end = append(all, e), next
	}
	return all, end
}

// walk goes along a chain, as verifying does.
func walk(all []audit.Entry, end audit.Chain, kept ...audit.Chain) *audit.Break {
	var c audit.Chain
	for _, e := range all {
		var broken *audit.Break
		if c, broken = c.Follow(e, kept...); broken != nil {
			return broken
		}
	}
	return c.Ends(end, kept...)
}

func TestAChainHolds(t *testing.T) {
	for n := range 5 {
		all, end := chain(n)
		if broken := walk(all, end, audit.Chain{}); broken != nil {
			t.Errorf("a chain of %d is broken at %d: %s", n, broken.Place, broken.Why)
		}
	}
}

func TestEveryFieldIsSealed(t *testing.T) {
	e := entry(1)
	seal := e.Seal("before", 7)
	for field, change := range map[string]func(*audit.Entry){
		"id":      func(e *audit.Entry) { e.ID = id.NewEvent(now) },
		"company": func(e *audit.Entry) { e.Company = id.NewCompany(now) },
		"at":      func(e *audit.Entry) { e.At = e.At.Add(time.Microsecond) },
		"kind":    func(e *audit.Entry) { e.Kind = "system" },
		"account": func(e *audit.Entry) { e.Account = id.Account{} },
		"member":  func(e *audit.Entry) { e.Member = id.Member{} },
		"name":    func(e *audit.Entry) { e.Name = "Eve" },
		"event":   func(e *audit.Entry) { e.Event = "role.created" },
		"about":   func(e *audit.Entry) { e.About = "rol_2" },
		"body":    func(e *audit.Entry) { e.Body = json.RawMessage(`{"b": 2, "a": "x"}`) },
		"request": func(e *audit.Entry) { e.Request = "" },
		"address": func(e *audit.Entry) { e.Address = "198.51.100.1" },
	} {
		changed := e
		change(&changed)
		if changed.Seal("before", 7) == seal {
			t.Errorf("another %s has the same seal", field)
		}
	}
	if e.Seal("other", 7) == seal || e.Seal("before", 8) == seal {
		t.Error("the seal does not cover what is before it")
	}
	e.Body = json.RawMessage(`{"a":"x","b":1}`)
	if e.Seal("before", 7) != seal {
		t.Error("a database that keeps JSON its own way breaks the seal")
	}
	e.At = e.At.In(time.FixedZone("", 3600))
	if e.Seal("before", 7) != seal {
		t.Error("a database that keeps times its own way breaks the seal")
	}
}

func TestWhatWasTamperedWithIsFound(t *testing.T) {
	type tampered func(all []audit.Entry, end audit.Chain) ([]audit.Entry, audit.Chain)
	for _, c := range []struct {
		sentence string
		tamper   tampered
		place    int64
		why      audit.Why
	}{
		{"an entry is changed", func(all []audit.Entry, end audit.Chain) ([]audit.Entry, audit.Chain) {
			all[2].Name = "Eve"
			return all, end
		}, 3, audit.Changed},
		{"an entry is changed and sealed anew", func(all []audit.Entry, end audit.Chain) ([]audit.Entry, audit.Chain) {
			all[2].Name = "Eve"
			all[2].Hash = all[2].Seal(all[1].Hash, 3)
			return all, end
		}, 4, audit.Changed},
		{"an entry is taken out", func(all []audit.Entry, end audit.Chain) ([]audit.Entry, audit.Chain) {
			return append(all[:2], all[3:]...), end
		}, 3, audit.Missing},
		{"the end is cut off", func(all []audit.Entry, end audit.Chain) ([]audit.Entry, audit.Chain) {
			return all[:3], end
		}, 4, audit.Missing},
		{"everything is taken out", func(all []audit.Entry, end audit.Chain) ([]audit.Entry, audit.Chain) {
			return nil, end
		}, 1, audit.Missing},
		{"two entries change places", func(all []audit.Entry, end audit.Chain) ([]audit.Entry, audit.Chain) {
			all[1], all[2] = all[2], all[1]
			all[1].Place, all[2].Place = 2, 3
			return all, end
		}, 2, audit.Changed},
		{"one is added at the end", func(all []audit.Entry, end audit.Chain) ([]audit.Entry, audit.Chain) {
			e, _ := end.Add(entry(9))
			return append(all, e), end
		}, 6, audit.Rewritten},
		{"the last one is sealed anew", func(all []audit.Entry, end audit.Chain) ([]audit.Entry, audit.Chain) {
			all[4].Name = "Eve"
			all[4].Hash = all[4].Seal(all[3].Hash, 5)
			return all, end
		}, 5, audit.Rewritten},
	} {
		broken := walk(c.tamper(chain(5)))
		if broken == nil || broken.Place != c.place || broken.Why != c.why {
			t.Errorf("%s: %+v", c.sentence, broken)
		}
	}
}

func TestACheckpointFindsWhatWasMadeAnew(t *testing.T) {
	all, end := chain(5)
	kept := audit.Chain{Last: 3, Hash: all[2].Hash}
	if broken := walk(all, end, kept); broken != nil {
		t.Errorf("a chain that holds is broken: %+v", broken)
	}
	anew, newEnd := chain(5)
	if broken := walk(anew, newEnd, kept); broken == nil || broken.Place != 3 || broken.Why != audit.Rewritten {
		t.Errorf("a chain that was made anew holds: %+v", broken)
	}
	short, shortEnd := chain(2)
	if broken := walk(short, shortEnd, kept); broken == nil || broken.Place != 3 || broken.Why != audit.Missing {
		t.Errorf("a chain that was cut, its end noted anew, holds: %+v", broken)
	}
}

func TestAnyChangeBreaksTheChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		all, end := chain(n)
		i := rapid.IntRange(0, n-1).Draw(t, "i")
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			all[i].Name += "x"
		case 1:
			all = append(all[:i], all[i+1:]...)
		case 2:
			all[i].Hash = all[i].Seal("", 1) + "x"
		}
		if walk(all, end) == nil {
			t.Fatal("it holds all the same")
		}
	})
}
