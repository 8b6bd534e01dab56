package portal_test

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"pgregory.net/rapid"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/browsertest"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
)

// filled is what a browser sends of the form that a selector finds, but for the button that is pressed.
func (s sheet) filled(selector string) url.Values {
	form := url.Values{}
	s.Find(selector).First().Find("input, select, textarea").Each(func(_ int, f *goquery.Selection) {
		name, named := f.Attr("name")
		_, off := f.Attr("disabled")
		if !named || off {
			return
		}
		switch goquery.NodeName(f) {
		case "select":
			chosen := f.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = f.Find("option")
			}
			value, _ := chosen.First().Attr("value")
			form.Add(name, value)
		case "textarea":
			form.Add(name, f.Text())
		default:
			kind, _ := f.Attr("type")
			_, ticked := f.Attr("checked")
			value, said := f.Attr("value")
			if kind == "checkbox" || kind == "radio" {
				if !ticked {
					return
				}
				if !said {
					value = "on"
				}
			}
			form.Add(name, value)
		}
	})
	return form
}

// with is a form with other values of some of its fields, in pairs of name and value.
func with(form url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func (d *desk) send(path string, form url.Values) sheet {
	d.t.Helper()
	r, err := d.Client.PostForm(d.url+path, form)
	d.must(err)
	return d.read(r)
}

// drawn are rules of Acme's, as the API takes them: all that one can be.
func (w *bureau) drawn() *rapid.Generator[approval.Rule] {
	members := []id.Member{w.Ann.Member, w.Bob.Member, w.Cleo.Member, w.Dan.Member}
	roles := []id.Role{w.Roles["buyer"], w.Roles["approver"], w.Roles["administrator"]}
	units := []id.Unit{w.Units["acme"], w.Units["ops"], w.Units["fin"]}
	some := func(t *rapid.T, what string, most int) int { return rapid.IntRange(0, most).Draw(t, what) }
	source := rapid.Custom(func(t *rapid.T) approval.Source {
		member, role := rapid.SampledFrom(members).Draw(t, "member"), rapid.SampledFrom(roles).Draw(t, "role")
		return rapid.SampledFrom([]approval.Source{{Kind: approval.OfMember, Member: member}, {Kind: approval.OfRole, Role: role}, {Kind: approval.OfRoleInUnit, Role: role},
			{Kind: approval.OfManager, Level: rapid.IntRange(1, 9).Draw(t, "level")}, {Kind: approval.OfCovering}, {Kind: approval.OfUnitHead}, {Kind: approval.OfCostCentre},
			{Kind: approval.OfCostCentre, CostCentre: w.CostCentre}, {Kind: approval.OfBudget}, {Kind: approval.OfBudget, Budget: w.fund.ID}, {Kind: approval.OfBudgetManager},
			{Kind: approval.OfBudgetManager, Budget: w.fund.ID}, {Kind: approval.OfAdministrator}, {Kind: approval.OfSeller}}).Draw(t, "source")
	})
	then := rapid.Custom(func(t *rapid.T) approval.Requirement {
		r := approval.Requirement{Effect: rapid.SampledFrom([]approval.Effect{approval.Nothing, approval.Ask, approval.Ask, approval.Approve, approval.Refuse}).Draw(t, "effect")}
		for range some(t, "stages", 2) + 1 {
			stage := approval.WantedStage{RejectNeedsAll: rapid.Bool().Draw(t, "all must reject")}
			for range some(t, "groups", 2) + 1 {
				of := rapid.SliceOfN(source, 1, 3).Draw(t, "of")
				stage.Groups = append(stage.Groups, approval.WantedGroup{K: rapid.IntRange(1, len(of)).Draw(t, "k"), Of: of})
			}
			if r.Effect == approval.Ask {
				r.Stages = append(r.Stages, stage)
			}
		}
		return r
	})
	return rapid.Custom(func(t *rapid.T) approval.Rule {
		r := approval.Rule{Name: "Rule " + strconv.Itoa(some(t, "name", 1<<30)), Description: rapid.SampledFrom([]string{"", "Why.\nAnd more."}).Draw(t, "description"), Enabled: rapid.Bool().Draw(t, "enabled"),
			Priority: rapid.IntRange(-3, 3000).Draw(t, "priority"), Basis: rapid.SampledFrom([]approval.Basis{approval.Net, approval.NetShipping, approval.Gross}).Draw(t, "basis")}
		r.Watchers = slices.Clone(members[:some(t, "watchers", 3)])
		r.AppliesTo.Members = append(r.AppliesTo.Members, members[:some(t, "requesters", 2)]...)
		r.AppliesTo.Roles = append(r.AppliesTo.Roles, roles[:some(t, "roles", 2)]...)
		for _, unit := range units[:some(t, "units", 2)] {
			r.AppliesTo.Units = append(r.AppliesTo.Units, approval.Place{Unit: unit})
		}
		if rapid.Bool().Draw(t, "of a cost centre") {
			r.AppliesTo.CostCentres = []id.CostCentre{w.CostCentre}
		}
		if rapid.Bool().Draw(t, "of a unit") {
			r.At.Unit = w.Units["ops"]
		}
		for _, at := range []*time.Time{&r.From, &r.Until} {
			if rapid.Bool().Draw(t, "bounded") {
				*at = time.Date(2030, 3, 31, 0, 0, 0, 0, time.UTC).Add(time.Duration(some(t, "seconds", 90000)) * time.Second / time.Duration(rapid.SampledFrom([]int{1, 7}).Draw(t, "fraction"))).Truncate(time.Microsecond)
			}
		}
		if !r.From.IsZero() && !r.Until.IsZero() {
			r.Until = r.Until.AddDate(1, 0, 0)
		}
		if rapid.Bool().Draw(t, "bands") {
			c := rapid.SampledFrom([]money.Currency{"EUR", "USD", "JPY"}).Draw(t, "currency")
			r.Steps = []approval.Step{{Then: then.Draw(t, "then")}}
			for n, i := int64(0), some(t, "bounds", 2); i >= 0; i-- {
				n += rapid.Int64Range(1, 20_000_000).Draw(t, "bound")
				bound := money.Of(n, c)
				r.Steps = append(r.Steps, approval.Step{Above: &bound, Then: then.Draw(t, "then")})
			}
			return r
		}
		for i, n := 0, some(t, "cases", 2); i <= n; i++ {
			s := approval.Step{Then: then.Draw(t, "then")}
			if i < n || rapid.Bool().Draw(t, "with a condition") {
				var err error
				if s.When, err = approval.Parse(tests(3).Draw(t, "when").String()); err != nil {
					t.Fatal(err)
				}
			}
			if i < n && s.Then.Effect == approval.Approve && rapid.Bool().Draw(t, "limited") {
				upTo := money.Of(rapid.Int64Range(0, 500000).Draw(t, "up to"), rapid.SampledFrom([]money.Currency{"EUR", "CHF"}).Draw(t, "of"))
				s.Then.UpTo = &upTo
			}
			r.Steps = append(r.Steps, s)
		}
		return r
	})
}

// tests draws conditions of every fact and every comparison, so many groups deep.
func tests(deep int) *rapid.Generator[approval.Condition] {
	return rapid.Custom(func(t *rapid.T) approval.Condition {
		if deep > 0 {
			switch op := rapid.SampledFrom([]approval.Op{approval.And, approval.Or, approval.Not, ""}).Draw(t, "join"); op {
			case approval.And, approval.Or:
				return approval.Condition{Op: op, Of: rapid.SliceOfN(tests(deep-1), 2, 3).Draw(t, "parts")}
			case approval.Not:
				return approval.Condition{Op: op, Of: []approval.Condition{tests(deep-1).Draw(t, "part")}}
			}
		}
		fact := rapid.SampledFrom(approval.Vocabulary()).Draw(t, "fact")
		c := approval.Condition{Op: approval.Flag, Fact: fact.Name}
		six := rapid.SampledFrom([]approval.Op{approval.Above, approval.AtLeast, approval.Below, approval.AtMost, approval.Equal, approval.NotEqual}).Draw(t, "op")
		text := rapid.SampledFrom([]string{"card", `a "b" \c`, "", "Ä, Ö", " x ", "4711", `"`})
		value := approval.Value{Text: text.Draw(t, "text")}
		switch fact.Kind {
		case approval.FlagFact:
			return c
		case approval.MoneyFact:
			c.Op, value = six, approval.Value{Money: money.Of(rapid.Int64Range(-3_000_000, 3_000_000).Draw(t, "minor"), rapid.SampledFrom([]money.Currency{"EUR", "USD", "JPY", "KWD"}).Draw(t, "currency"))}
		case approval.NumberFact, approval.PercentFact:
			c.Op, value = six, approval.Value{Number: quantity.Quantity(10 * rapid.Int64Range(-300000, 300000).Draw(t, "number"))}
		case approval.DateFact:
			c.Op, value = six, approval.Value{Text: "2026-03-08"}
		case approval.TextFact:
			c.Op = rapid.SampledFrom([]approval.Op{approval.Equal, approval.NotEqual, approval.In}).Draw(t, "of text")
		case approval.ListFact:
			c.Op = rapid.SampledFrom([]approval.Op{approval.Has, approval.In}).Draw(t, "of list")
		}
		c.Is = []approval.Value{value}
		if c.Op == approval.In && rapid.Bool().Draw(t, "two") {
			c.Is = append(c.Is, approval.Value{Text: text.Draw(t, "text")})
		}
		return c
	})
}

// Whatever rule the API has made: who opens it in the form and saves it changes nothing of it, in either language, with
// its conditions put together or as text.
func TestAnyRuleIsSavedAsItWasOpened(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	for _, language := range []string{"en", "de"} {
		dan := w.desk("dan@acme.example")
		dan.post("/account/language", "language", language, "zone", "Europe/Berlin")
		rapid.Check(t, func(rt *rapid.T) {
			made, err := w.Approving.CreateRule(t.Context(), w.Dan, w.drawn().Draw(rt, "rule"))
			if err != nil {
				rt.Fatal(err)
			}
			at := "/rules/" + made.ID.String()
			opened := dan.get(at)
			if rapid.Bool().Draw(rt, "as text") {
				form := opened.filled("form#rule")
				for i := range made.Steps {
					form = dan.send(at, with(form, "do", "text:"+strconv.Itoa(i))).filled("form#rule")
				}
				if form.Get("steps.0.as") != "text" {
					rt.Fatalf("the condition %q is not shown as text", made.Steps[0].When)
				}
				opened = dan.send(at, form)
			}
			saved := dan.send(at, with(opened.filled("form#rule"), "do", "save"))
			if saved.status != http.StatusOK {
				rt.Fatalf("%d: %s", saved.status, saved.says("main .notice"))
			}
			now, err := w.Approving.GetRule(t.Context(), w.Dan, made.ID)
			if err != nil {
				rt.Fatal(err)
			}
			before, err := w.Approving.Versions(t.Context(), w.Dan, made.ID)
			if err != nil || len(before) != 2 {
				rt.Fatal(len(before), err)
			}
			was, is := before[1].Rule, before[0].Rule
			if was.Version > is.Version {
				was, is = is, was
			}
			is.Version = was.Version
			if !reflect.DeepEqual(was, is) {
				rt.Fatalf("saved unchanged, it is another rule (version %d):\n%+v\n%+v", now.Version, was, is)
			}
			if err := w.Approving.DeleteRule(t.Context(), w.Dan, made.ID, now.Version); err != nil {
				rt.Fatal(err)
			}
		})
	}
}

// Parts are added, moved and taken out without anything being saved, and what was typed stays.
func TestARuleIsPutTogetherInItsForm(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	dan := w.desk("dan@acme.example")
	page := dan.get("/rules/new?preset=total")
	do := func(act string, pairs ...string) {
		t.Helper()
		page = dan.send("/rules", with(page.filled("form#rule"), append(pairs, "do", act)...))
		equal(t, "status after "+act, page.status, http.StatusOK)
	}
	then := "steps.0.then.stages."
	do("add:0.0.0", "name", "Great orders", "steps.0.if.0.is", "5000 USD", "steps.0.if.0.op", ">=")
	do("add:0", then+"0.groups.0.of.1", "member", then+"0.groups.0.of.1.member", w.Cleo.Member.String(), then+"0.groups.0.k", "2")
	do("add:0.1", then+"1.groups.0.of.0", "administrator")
	do("", then+"1.groups.1.of.0", "cost_centre_manager", "watchers.more", w.Bob.Member.String(), "applies_to.units.more", w.Units["ops"].String())
	do("if-group:0", "until", "2031-12-31")
	do("", "steps.0.if.1.0.fact", "categories", "steps.0.if.1.1.fact", "quote")
	do("up:0.1", "steps.0.if.1.0.is", "Solvents, \"Paint, white\"", "steps.0.if.1.0.op", "in")
	do("add:")
	do("drop:1")
	made := dan.send("/rules", with(page.filled("form#rule"), "do", "save"))
	tells(t, made, "The rule was made.")
	tells(t, made, "It counts in USD, and your company orders in EUR")
	key, err := id.ParseRule(strings.TrimPrefix(made.path, "/rules/"))
	w.must(err)
	r, err := w.Approving.GetRule(t.Context(), w.Dan, key)
	w.must(err)
	equal(t, "the condition", r.Steps[0].When.String(), `total_gross >= 5000 USD and (categories in ("Solvents", "Paint, white") or quote)`)
	equal(t, "the steps", len(r.Steps), 1)
	if want := []approval.WantedStage{
		{Groups: []approval.WantedGroup{{K: 1, Of: []approval.Source{{Kind: approval.OfAdministrator}}}, {K: 1, Of: []approval.Source{{Kind: approval.OfCostCentre}}}}},
		{Groups: []approval.WantedGroup{{K: 2, Of: []approval.Source{{Kind: approval.OfManager, Level: 1}, {Kind: approval.OfMember, Member: w.Cleo.Member}}}}},
	}; !reflect.DeepEqual(r.Steps[0].Then.Stages, want) {
		t.Errorf("it asks %+v", r.Steps[0].Then.Stages)
	}
	equal(t, "the end", r.Until.UTC().Format(time.RFC3339), "2031-12-31T23:00:00Z") // that day is over in Berlin
	equal(t, "who is told", len(r.Watchers)+len(r.AppliesTo.Units), 2)
	if len(r.Watchers) == 1 {
		equal(t, "who", r.Watchers[0], w.Bob.Member)
	}
	equal(t, "narrowed to", len(dan.send(made.path, with(made.filled("form#rule"), "do", "without:watchers 0")).filled("form#rule")["watchers"]), 0)
}

// Dan puts a rule together in a browser, now with the pointer and now with the keys, and nothing jumps.
func TestDanPutsARuleTogether(t *testing.T) {
	w := newBureau(t)
	w.busy()
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	tab.Go(w.url + "/rules/new?preset=skus")
	if seen := browsertest.Eval[bool](tab, `document.querySelector("[name='steps.0.then.stages.0.groups.0.of.0.member']").checkVisibility()`); seen {
		t.Error("one is asked who it is before anybody is to be one person")
	}
	browsertest.Eval[int](tab, `(window.scrollTo(0, 200), 0)`)
	tab.Click("text=Then ask others")
	tab.See("Stage 2")
	if at := browsertest.Eval[float64](tab, `window.scrollY`); at == 0 {
		t.Error("the page has jumped to its top")
	}
	tab.At("/rules/new?preset=skus")
	who := "[name='steps.0.then.stages.1.groups.0.of.0']"
	tab.Choose(who, "member")
	tab.Choose("[name='steps.0.then.stages.1.groups.0.of.0.member']", w.Cleo.Member.String())
	tab.Choose("[name='steps.0.if.0.fact']", "categories")
	tab.See("has not")
	tab.Type("[name='steps.0.if.0.is']", "Solvents")
	tab.Click("text=Edit as text")
	tab.Holds("textarea[name='steps.0.when']", `categories has "Solvents"`)
	tab.Type("textarea[name='steps.0.when']", `categories has "Solvents" or mood > 5`)
	tab.Click("text=Edit in a form")
	tab.See("there is no fact \"mood\"")
	tab.Forget() // of the 422
	tab.Type("textarea[name='steps.0.when']", `categories has "Solvents" or skus > 5`)
	tab.Click("text=Edit in a form")
	tab.Holds("[name='steps.0.if.1.fact']", "skus")
	browsertest.Eval[int](tab, `(document.querySelector("[value='up:0.1']").focus(), 0)`)
	tab.Press(browsertest.Enter)
	tab.Holds("[name='steps.0.then.stages.0.groups.0.of.0']", "member")
	tab.Click("details.fold:not(.by-condition) > summary")
	tab.Choose("[name='watchers.more']", w.Ann.Member.String())
	tab.Wait(".picked button[value='without:watchers 0']")
	shoot(tab, "rule-together-light")
	tab.Clean()
	tab.Type("input[name=name]", "Solvents")
	tab.Press(browsertest.Enter) // saves, and does nothing of what the other buttons do
	tab.See("The rule was made.")
	tab.See("Cleo Clark")
	tab.Clean()
}

// Whoever is refused is led to what is wrong, and the address is still that of the form.
func TestWhoIsRefusedIsLedToWhatIsWrong(t *testing.T) {
	w := newBureau(t)
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	tab.Go(w.url + "/rules/new?preset=skus")
	tab.Choose("[name='steps.0.if.0.fact']", "")
	tab.Click("text=Add a case")
	tab.See("Case 2")
	tab.Choose("[name='steps.1.then.effect']", "nothing")
	tab.Type("input[name=name]", "Two cases")
	tab.Click(".actions [data-kind=primary]")
	tab.Wait(".by-condition .notice") // in the case that nothing behind it would count
	tab.Forget()
	equal(t, "the focus is on", browsertest.Eval[string](tab, `document.activeElement.className`), "notice")
	tab.See("Only the last case may do without a condition")
	tab.At("/rules/new?preset=skus")

	tab.Go(w.url + "/cost-centres/new")
	tab.Type("input[name=name]", "No code")
	tab.Click(".actions [data-kind=primary]")
	tab.Wait("[aria-invalid=true]")
	tab.Forget()
	equal(t, "the field", browsertest.Eval[string](tab, `document.activeElement.name`), "code")
	tab.At("/cost-centres/new")
}

// What is wrong stands beside its field, and what was typed is still there.
func TestWhatIsWrongWithARuleStandsBesideItsField(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	dan := w.desk("dan@acme.example")
	for _, row := range []struct {
		what, preset string
		pairs        []string
		field, says  string
	}{
		{"a condition as text that cannot be read", "skus", []string{"steps.0.as", "text", "steps.0.when", "total_net > lots"}, "steps.0.when", "At character"},
		{"an amount that is none", "total", []string{"steps.0.if.0.is", "lots"}, "steps.0.if.0.fact", "Compare it with an amount"},
		{"nothing to compare with", "skus", []string{"steps.0.if.0.fact", "categories", "steps.0.if.0.op", "has", "steps.0.if.0.is", ""}, "steps.0.if.0.fact", "Say what it is compared with"},
		{"bands that fall", "bands", []string{"steps.2.above", "400"}, "steps.2.above", "Each band begins above the one before it"},
		{"a band without an amount", "bands", []string{"steps.1.above", ""}, "steps.1.above", "Every band but the first begins above an amount"},
		{"nobody who decides", "skus", []string{"steps.0.then.stages.0.groups.0.of.0", ""}, "steps.0.then.stages.0.groups.0.of.0", "Say who decides"},
		{"a member who is not named", "skus", []string{"steps.0.then.stages.0.groups.0.of.0", "member"}, "steps.0.then.stages.0.groups.0.of.0", "Say who decides"},
		{"more than there are", "skus", []string{"steps.0.then.stages.0.groups.0.k", "2"}, "steps.0.then.stages.0.groups.0.k", "At least 1, and at most as many as there are sources"},
		{"no name", "bands", []string{"name", ""}, "name", "A rule needs a name"},
		{"an end before the beginning", "bands", []string{"from", "2031-01-02", "until", "2031-01-01"}, "until", "A rule ends after it begins"},
		{"no currency", "bands", []string{"currency", "euro"}, "currency", "three capital letters"},
		{"a time that is none", "bands", []string{"from", "2031-01-02", "from.clock", "soon"}, "from", "A time of day is written like 14:30"},
		{"a priority that is none", "bands", []string{"priority", "high"}, "priority", "A priority is a whole number"},
	} {
		t.Run(row.what, func(t *testing.T) {
			form := with(dan.get("/rules/new?preset="+row.preset).filled("form#rule"), append(row.pairs, "do", "save", "description", "Typed with care")...)
			bad := dan.send("/rules", form)
			equal(t, "status", bad.status, http.StatusUnprocessableEntity)
			beside := bad.Find(".field:has([name='" + row.field + "']) .error")
			if !strings.Contains(fold(beside.Text()), row.says) {
				t.Errorf("beside %s stands %q, not %q; the page says %q", row.field, fold(beside.Text()), row.says, bad.says("main .notice"))
			}
			again := bad.filled("form#rule")
			for i := 0; i < len(row.pairs); i += 2 {
				equal(t, row.pairs[i], again.Get(row.pairs[i]), row.pairs[i+1])
			}
			equal(t, "what else was typed", again.Get("description"), "Typed with care")
		})
	}
	// a bound that cannot be read says nothing of the other bands
	unread := dan.send("/rules", with(dan.get("/rules/new?preset=bands").filled("form#rule"), "do", "save", "name", "Bands", "steps.1.above", "12 345,67x"))
	if wrong := unread.Find("form#rule .field .error"); wrong.Length() != 1 {
		t.Errorf("beside the fields of bands of which one cannot be read stands %q", fold(wrong.Text()))
	}
	twice := with(dan.get("/rules/new?preset=skus").filled("form#rule"), "do", "text:0", "steps.0.if.0.is", "many")
	equal(t, "a mistake stays in the form", dan.send("/rules", twice).filled("form#rule").Get("steps.0.as"), "form")
}

// Each of the fields that only some choices ask for is one that the style sheet knows.
func TestEveryChoiceShowsItsFields(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	page := w.desk("dan@acme.example").get("/rules/new")
	css := w.desk("dan@acme.example")
	r, err := css.Client.Get(w.url + ui.AssetURL("app.css"))
	w.must(err)
	text := css.read(r).Text()
	asked := map[string]bool{}
	page.Find("[data-for]").Each(func(_ int, s *goquery.Selection) {
		values, _ := s.Attr("data-for")
		for _, value := range strings.Fields(values) {
			asked[value] = true
		}
	})
	if len(asked) < 6 {
		t.Errorf("only %v", asked)
	}
	for value := range asked {
		if !strings.Contains(text, `option[value=`+value+`]:checked`) && !strings.Contains(text, `option[value="`+value+`"]:checked`) {
			t.Errorf("nothing shows what %q asks for", value)
		}
	}
}
