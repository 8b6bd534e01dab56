package worker

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/notice"
	"kontor/internal/domain/order"
	"kontor/internal/domain/orderlist"
	"kontor/internal/domain/pricing"
)

var golden = flag.Bool("golden", false, "rewrite what the tests expect")

// events has one of every type of event; of one with several names, one for each.
var events = append([]audit.Event{
	access.RoleWasCreated{}, access.RoleWasEdited{}, access.RolesWereMerged{}, access.RoleWasDeleted{}, access.TemplateWasSet{}, access.TemplateWasDeleted{}, access.DefaultWasSet{}, access.WasAssigned{}, access.WasRetimed{}, access.WasRevoked{}, access.WereAssigned{},
	access.SeparationWasCreated{}, access.SeparationWasEdited{}, access.SeparationWasDeleted{},
	approval.RuleWasSet{}, approval.RuleWasRemoved{}, approval.WasReassigned{}, approval.DeputyWasAppointed{}, approval.DeputyWasChanged{}, approval.DeputyHasBegun{}, approval.DeputyHasEnded{},
	cart.WasChanged{},
	budget.WasSet{}, budget.LimitWasSet{}, budget.WasOverridden{}, budget.HasReached{}, budget.WasClosed{}, budget.WasReopened{}, budget.CostCentreWasSet{},
	company.WasFounded{}, company.WasEdited{}, company.StatusWasChanged{}, company.GroupWasAssigned{}, company.ParentWasSet{}, company.RecordWasSet{}, company.TermsWereSet{}, company.LegalAddressWasSet{}, company.ManagersWereSet{}, company.UnitWasCreated{}, company.UnitWasEdited{}, company.UnitWasArchived{}, company.UnitWasRestored{}, company.NodeWasMoved{},
	company.NodeWasMoved{UnitID: id.NewUnit(time.Unix(1, 0))}, company.MemberWasAdded{}, company.MemberWasEdited{}, company.MemberWasDeactivated{},
	company.MemberWasReactivated{}, company.MemberWasLent{}, company.MemberWasGivenBack{}, company.MemberHasJoined{}, company.MemberWasCorrected{}, company.LendingHasEnded{}, company.InvitationsWereOrdered{}, exchange.ImportWasOrdered{}, exchange.ImportHasFailed{}, company.AddressWasAdded{}, company.AddressWasEdited{}, company.AddressWasRemoved{}, company.StructureWasBuilt{},
	company.UnitWasDirected{}, company.MemberWasDirected{}, company.PhoneWasSet{}, company.ContactWasAdded{}, company.ContactWasEdited{}, company.ContactWasRemoved{}, notice.WishesWereSet{},
	company.InvitationWasSent{}, company.InvitationWasResent{}, company.InvitationWasRevoked{}, company.InvitationWasAccepted{},
	exchange.ImportWasApplied{}, exchange.ImportWasUndone{}, exchange.OrganisationWasExported{}, exchange.ListWasExported{},
	exchange.WebhookWasCreated{}, exchange.WebhookWasEdited{}, exchange.WebhookWasPaused{}, exchange.WebhookWasResumed{}, exchange.WebhookWasStopped{},
	exchange.SecretWasRotated{}, exchange.WebhookWasDeleted{}, exchange.WebhookWasPinged{}, exchange.DeliveriesWereReplayed{},
	identity.HasSignedIn{}, identity.SignInHasFailed{}, identity.HasSignedOut{}, identity.PasswordWasChanged{}, identity.CompanyWasSwitched{}, identity.LanguageWasSet{}, identity.ActingHasBegun{}, identity.ActingHasEnded{},
	order.WasPlaced{}, order.HasMoved{},
	orderlist.WasCreated{}, orderlist.WasEdited{}, orderlist.LinesWereChanged{}, orderlist.WasShared{}, orderlist.WasHandedOver{}, orderlist.WasDeleted{},
	pricing.ContractWasSet{}, pricing.ListWasSet{}, pricing.GroupWasSet{}, pricing.GroupWasDeleted{},
}, happened()...)

// happened is the event of each row of the table of states, each once.
func happened() (all []audit.Event) {
	var names []string
	for _, t := range approval.Transitions() {
		if !slices.Contains(names, t.Event) {
			names = append(names, t.Event)
			all = append(all, approval.Happened{Event: t.Event})
		}
	}
	return all
}

// Whoever adds an event adds it to the list, and so to the handbook.
func TestNoEventIsMissing(t *testing.T) {
	listed := map[string]bool{}
	for _, e := range events {
		listed[reflect.TypeOf(e).String()] = true
	}
	found := declared(t)
	for typ := range found {
		if !listed[typ] {
			t.Errorf("%s is an event and not in the list of this test", typ)
		}
	}
	for typ := range listed {
		if _, ok := found[typ]; !ok {
			t.Errorf("%s was not found in the sources: is the test blind?", typ)
		}
	}
}

// declared finds the types that are events, and what their comments say: "order.WasPlaced".
func declared(t *testing.T) map[string]string {
	t.Helper()
	found, said := map[string]bool{}, map[string]string{}
	err := filepath.WalkDir("../../domain", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.Name == "EventName" && d.Recv != nil {
					if typ, ok := d.Recv.List[0].Type.(*ast.Ident); ok {
						found[file.Name.Name+"."+typ.Name] = true
					}
				}
			case *ast.GenDecl:
				if s, ok := d.Specs[0].(*ast.TypeSpec); ok {
					said[file.Name.Name+"."+s.Name.Name] = d.Doc.Text()
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(said, func(typ, _ string) bool { return !found[typ] })
	return said
}

func TestTheHandbookListsTheEvents(t *testing.T) {
	const name = "../../../docs/events.md"
	want := handbook(t)
	if *golden {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var all strings.Builder
	for _, m := range regexp.MustCompile("(?m)^## `([^`]+)`").FindAllStringSubmatch(want, -1) {
		all.WriteString(m[1] + "\n")
	}
	const list = "../../domain/exchange/events.txt"
	if *golden {
		if err := os.WriteFile(list, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(list); err != nil || string(got) != all.String() {
		t.Errorf("%s is not what the code says (%v): run this test with -golden", list, err)
	}
	got, err := os.ReadFile(name)
	if err != nil || string(got) != want {
		t.Errorf("docs/events.md is not what the code says (%v): run this test with -golden", err)
	}
}

const preface = `# Events

Made by a test from the code; never edited by hand.

Every change is told as an event, in the same transaction. An event stands in the audit, and is what webhooks deliver: a
CloudEvent whose ` + "`type`" + ` is the name below, whose ` + "`subject`" + ` is what it is about, whose ` + "`sequence`" + ` sorts the events of one
subject, and whose ` + "`data`" + ` has these fields. A field in brackets is left out when it has nothing to say. A filter of a webhook is a
name, the beginning of names (` + "`order.*`" + `), or ` + "`*`" + `. What nothing tells in this version, because its feature is not there yet, is marked *not yet*.

`

func handbook(t *testing.T) string {
	said := declared(t)
	byName := map[string]audit.Event{}
	for _, e := range events {
		if other, twice := byName[e.EventName()]; twice {
			t.Errorf("%T and %T are both %s", e, other, e.EventName())
		}
		byName[e.EventName()] = e
	}
	told := emitted(t)
	var b strings.Builder
	b.WriteString(preface)
	var nested []reflect.Type
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		typ := reflect.TypeOf(byName[name])
		mark := ""
		if !told[name] {
			mark = "*Not yet.* "
		}
		fmt.Fprintf(&b, "## `%s`\n\n%s%s\n\n", name, mark, sentence(said[typ.String()], typ.Name()))
		fields(&b, typ, &nested)
	}
	b.WriteString("## Values\n\n")
	for i := 0; i < len(nested); i++ {
		fmt.Fprintf(&b, "### %s\n\n", nested[i])
		fields(&b, nested[i], &nested)
	}
	return b.String()
}

// emitted are the names of the events that something tells: a use case makes one of the type, or calls a rule that does. Of the
// table of states the actions know themselves whether they are still to come.
func emitted(t *testing.T) map[string]bool {
	t.Helper()
	makers, called := map[string][]string{}, map[string]bool{} // by type the rules that make it; what use cases call or make
	for _, floor := range []string{"domain", "usecase"} {
		err := filepath.WalkDir("../../"+floor, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, d := range file.Decls {
				made, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				ast.Inspect(made, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.CompositeLit:
						if typ, ok := n.Type.(*ast.Ident); ok && floor == "domain" {
							makers[file.Name.Name+"."+typ.Name] = append(makers[file.Name.Name+"."+typ.Name], made.Name.Name)
						}
						if typ, ok := n.Type.(*ast.SelectorExpr); ok {
							called[fmt.Sprint(typ.X)+"."+typ.Sel.Name] = true
						}
					case *ast.SelectorExpr:
						if floor == "usecase" {
							called[n.Sel.Name] = true
						}
					}
					return true
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	told := map[string]bool{}
	for _, e := range events {
		typ := reflect.TypeOf(e).String()
		told[e.EventName()] = called[typ] || slices.ContainsFunc(makers[typ], func(rule string) bool { return called[rule] })
	}
	for _, e := range happened() {
		told[e.EventName()] = slices.ContainsFunc(approval.Transitions(), func(x approval.Transition) bool { return x.Event == e.EventName() && !x.Action.ToCome() })
	}
	return told
}

// Every event of the catalogue is told somewhere, or marked. Whoever adds one that nothing tells sees it here.
func TestWhatNothingTellsIsMarked(t *testing.T) {
	told := emitted(t)
	var not []string
	for _, name := range slices.Sorted(maps.Keys(told)) {
		if !told[name] {
			not = append(not, name)
		}
	}
	want := []string{"budget.closed", "budget.reopened", "purchase_order.answered", "purchase_order.cancelled", "purchase_order.edited", "purchase_order.failed",
		"purchase_order.handed_over", "purchase_order.overridden", "purchase_order.payment_awaited", "purchase_order.returned", "purchase_order.trimmed"}
	if !slices.Equal(not, want) {
		t.Errorf("nothing tells %q, want %q", not, want)
	}
	if !told["order.placed"] || !told["member.moved"] || !told["purchase_order.approved"] || !told["role.assigned"] {
		t.Errorf("%v: is the test blind?", told)
	}
	handbook := handbook(t)
	for name, is := range told {
		if marked := strings.Contains(handbook, "## `"+name+"`\n\n*Not yet.* "); marked == is {
			t.Errorf("%s is told: %v, and marked: %v", name, is, marked)
		}
	}
}

// sentence is what a comment says of an event: "WasPlaced tells that …" becomes "Tells that …".
func sentence(doc, name string) string {
	text := strings.Join(strings.Fields(strings.TrimPrefix(doc, name)), " ")
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// fields lists what a struct is in JSON. Structs in it that have no form of their own are listed later.
func fields(b *strings.Builder, typ reflect.Type, nested *[]reflect.Type) {
	b.WriteString("| field | is |\n|---|---|\n")
	for i := range typ.NumField() {
		f := typ.Field(i)
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "-" || !f.IsExported() {
			continue
		}
		if tag == "" {
			tag = f.Name
		}
		field := "`" + tag + "`"
		if options != "" {
			field = "(" + field + ")"
		}
		fmt.Fprintf(b, "| %s | %s |\n", field, kind(f.Type, nested))
	}
	b.WriteString("\n")
}

// kind is what a value is in JSON, in words.
func kind(typ reflect.Type, nested *[]reflect.Type) string {
	if typ.Kind() == reflect.Pointer {
		return kind(typ.Elem(), nested)
	}
	switch typ {
	case reflect.TypeFor[money.Money]():
		return "an amount: `{\"amount\": \"12.30\", \"currency\": \"EUR\"}`"
	case reflect.TypeFor[time.Time]():
		return "a moment, RFC 3339"
	}
	switch {
	case strings.HasPrefix(typ.String(), "id.Of["):
		return "an identifier: `" + prefix(typ) + "…`"
	case typ.Implements(reflect.TypeFor[json.Marshaler]()):
		return typ.String()
	}
	switch typ.Kind() {
	case reflect.Slice:
		return "a list, of each: " + kind(typ.Elem(), nested)
	case reflect.Map:
		return "an object, of each: " + kind(typ.Elem(), nested)
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Struct:
		if !slices.Contains(*nested, typ) {
			*nested = append(*nested, typ)
		}
		return "see " + typ.String()
	}
	return "a number"
}

// prefix is how identifiers of a kind begin.
func prefix(typ reflect.Type) string {
	made := reflect.New(typ)
	scan := made.MethodByName("Scan").Call([]reflect.Value{reflect.ValueOf("018f0000-0000-7000-8000-000000000000")})
	if !scan[0].IsNil() {
		return "?"
	}
	text, _, _ := strings.Cut(made.Elem().MethodByName("String").Call(nil)[0].String(), "_")
	return text + "_"
}
