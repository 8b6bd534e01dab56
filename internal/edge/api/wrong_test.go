package api_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/domain/orderlist"
	"kontor/internal/domain/pricing"
	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/storetest"
)

var pathParameter = regexp.MustCompile(`\{(\w+)\}`)

// operation is an operation as its description has it.
type operation struct {
	method, pattern, name string
	*huma.Operation
	body *huma.Schema // nil where there is none in JSON
}

// described are the operations of the API, in the order of their addresses.
func described() (all []operation, resolve func(*huma.Schema) *huma.Schema) {
	mux := web.NewMux()
	a := web.NewAPI(mux, api.Describe("test"))
	api.Add(a, api.Services{})
	resolve = func(s *huma.Schema) *huma.Schema {
		for s.Ref != "" {
			s = a.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
		}
		return s
	}
	for _, r := range mux.Routes() {
		if r.Kind != web.KindAPI || r.Operation == "" {
			continue
		}
		path := a.OpenAPI().Paths[r.Pattern]
		o := operation{method: r.Method, pattern: r.Pattern, name: r.Operation,
			Operation: map[string]*huma.Operation{"GET": path.Get, "POST": path.Post, "PUT": path.Put, "PATCH": path.Patch, "DELETE": path.Delete}[r.Method]}
		if b := o.RequestBody; b != nil && b.Content["application/json"] != nil {
			o.body = resolve(b.Content["application/json"].Schema)
		}
		all = append(all, o)
	}
	return all, resolve
}

// ask sends a request with these headers, as Dan.
func (x *site) ask(method, path, body string, headers map[string]string) (status int, p web.Problem) {
	x.t.Helper()
	req, err := http.NewRequest(method, x.url+path, strings.NewReader(body))
	if err != nil {
		x.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer dan")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		x.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	if res.StatusCode >= 400 {
		if err := json.Unmarshal(answer, &p); err != nil {
			x.t.Errorf("%s %s: %d is no problem: %s", method, path, res.StatusCode, answer)
		}
	}
	return res.StatusCode, p
}

// unreadable is a value of the kind that the schema wants, which nobody can read; nil where every value of the kind can be.
func unreadable(resolve func(*huma.Schema) *huma.Schema, name string, s *huma.Schema) (value any, at string) {
	s = resolve(s)
	switch {
	case slices.Contains([]string{"external_id", "vat_id", "reseller_id"}, name): // others give these out
	case s.Type == huma.TypeString && (strings.HasSuffix(name, "_id") || name == "from" || name == "until"):
		return "nonsense", name
	case s.Type == huma.TypeArray && strings.HasSuffix(name, "_ids"):
		return []string{"nonsense"}, name + ".0"
	case s.Type == huma.TypeObject && s.Properties["amount"] != nil && s.Properties["currency"] != nil:
		return map[string]string{"amount": "nonsense", "currency": "EUR"}, name + ".amount"
	}
	return nil, ""
}

// stands reports whether there is a place of this name in what the schema describes.
func stands(resolve func(*huma.Schema) *huma.Schema, s *huma.Schema, name []string) bool {
	if len(name) == 0 || s == nil {
		return s != nil
	}
	s = resolve(s)
	if s.Type == huma.TypeArray {
		return strings.Trim(name[0], "0123456789") == "" && stands(resolve, s.Items, name[1:])
	}
	inner := s.Properties[name[0]]
	return inner != nil && stands(resolve, inner, name[1:])
}

// sample is a value that the schema takes.
func sample(resolve func(*huma.Schema) *huma.Schema, s *huma.Schema) any {
	s = resolve(s)
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == huma.TypeObject:
		object := map[string]any{}
		for _, name := range s.Required {
			object[name] = sample(resolve, s.Properties[name])
		}
		return object
	case s.Type == huma.TypeArray:
		return []any{sample(resolve, s.Items)}
	case s.Type == huma.TypeBoolean:
		return true
	case s.Type == huma.TypeInteger, s.Type == huma.TypeNumber:
		return 1
	case s.Pattern == "^[A-Z]{3}$":
		return "EUR"
	case s.Format == "date-time":
		return "2026-01-31T12:00:00Z"
	}
	return "1"
}

// Wherever a request is wrong in several places, each is named at once and where it stands, whichever part of the program
// looks at it: an identifier in the path, a header, a parameter that nobody reads, a value of another kind, one that is
// missing, and one of the right kind that cannot be read.
func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	all, resolve := described()
	places := 0
	for _, o := range all {
		path, want := pathParameter.ReplaceAllString(o.pattern, "nonsense")+"?nonsense=1", []string{"query nonsense unknown"}
		names := map[string]string{}
		for _, m := range pathParameter.FindAllStringSubmatch(o.pattern, -1) {
			names["path "+m[1]] = ""
		}
		for _, p := range o.Parameters {
			if p.In == "query" && p.Schema.Type == huma.TypeInteger {
				path += "&" + p.Name + "=nonsense"
				want = append(want, "query "+p.Name+" type")
			}
			if p.In == "query" && (p.Name == "cursor" || strings.HasSuffix(p.Name, "_id") && p.Name != "subject_id") {
				path += "&" + p.Name + "=nonsense"
				names["query "+p.Name] = ""
			}
		}
		headers := map[string]string{}
		for _, p := range o.Parameters {
			if p.Name == "If-Match" || p.Name == "Idempotency-Key" {
				headers[p.Name] = "a nonsense"
				names["header "+p.Name] = ""
			}
		}
		kinds, missing, values := map[string]any{"nonsense": 1}, map[string]any{"nonsense": 1}, map[string]any{"nonsense": 1}
		inKinds, inMissing, inValues := slices.Clone(want), slices.Clone(want), slices.Clone(want)
		unread := map[string]string{}
		if o.body != nil && o.body.Type == huma.TypeObject {
			for _, wrong := range []*[]string{&inKinds, &inMissing, &inValues} {
				*wrong = append(*wrong, "body nonsense unknown")
			}
			for name, s := range o.body.Properties {
				kinds[name] = []any{1}
				if resolve(s).Type == huma.TypeArray {
					kinds[name] = map[string]any{}
				}
				inKinds = append(inKinds, "body "+name+" type")
				if slices.Contains(o.body.Required, name) {
					inMissing = append(inMissing, "body "+name+" required")
					values[name] = sample(resolve, s)
				}
				if v, at := unreadable(resolve, name, s); v != nil {
					values[name], unread[name] = v, at
				}
			}
		}
		for _, asked := range []struct {
			says string
			body map[string]any
			want []string
		}{{"values of another kind", kinds, inKinds}, {"missing", missing, inMissing}, {"unreadable", values, inValues}} {
			body := ""
			if o.body != nil {
				sent, err := json.Marshal(asked.body)
				if err != nil {
					t.Fatal(err)
				}
				body = string(sent)
			}
			if o.RequestBody != nil && o.body == nil {
				continue // of a file
			}
			status, p := x.ask(o.method, path, body, headers)
			if status >= 500 {
				t.Errorf("%s, %s: %d %+v", o.name, asked.says, status, p)
				continue
			}
			said := map[string]bool{}
			for _, f := range p.Fields {
				said[f.In+" "+f.Name+" "+f.Code], said[f.In+" "+f.Name] = true, true
				switch {
				case (f.In == "body") != (f.Pointer != ""):
					t.Errorf("%s: %s in the %s has the pointer %q", o.name, f.Name, f.In, f.Pointer)
				case f.In == "body" && f.Name != "nonsense" && !stands(resolve, o.body, strings.Split(f.Name, ".")):
					t.Errorf("%s: %s points to no place in the body: %s", o.name, f.Pointer, f.Detail)
				}
			}
			for _, want := range slices.Concat(asked.want, slices.Collect(maps.Keys(names))) {
				places++
				if !said[want] {
					t.Errorf("%s, %s: nothing of %q in %d %s %v", o.name, asked.says, want, status, p.Code, slices.Sorted(maps.Keys(said)))
				}
			}
			if asked.says != "unreadable" {
				continue
			}
			for name, at := range unread {
				places++
				if !said["body "+at] {
					t.Errorf("%s: nothing of %s in %d %s %v", o.name, name, status, p.Code, slices.Sorted(maps.Keys(said)))
				}
			}
		}
	}
	if len(all) < 100 || places < 1000 {
		t.Errorf("%d operations with %d wrong values: is the test blind?", len(all), places)
	}
}

// A name stands for one place: where a fault says what is wrong with a field by its name alone, it cannot be of the path and of
// the body at once.
func TestNoParameterGoesByTheNameOfAField(t *testing.T) {
	all, _ := described()
	for _, o := range all {
		for _, p := range o.Parameters {
			if o.body != nil && o.body.Properties[p.Name] != nil {
				t.Errorf("%s: %s stands in the %s and in the body", o.name, p.Name, p.In)
			}
		}
	}
}

// A text that the description lets through is not too long for the rule behind it.
func TestTheDescriptionAllowsNoLongerTextsThanTheRules(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	all, resolve := described()
	looked := 0
	for _, o := range all {
		if o.body == nil || strings.Contains(o.pattern, "{") {
			continue // the rules are asked only of what is there
		}
		for _, at := range places(resolve, o.body, nil) {
			s := o.body
			for _, name := range at {
				if s = resolve(s); s.Type == huma.TypeArray {
					s = s.Items
				} else {
					s = s.Properties[name]
				}
			}
			if s = resolve(s); s.MaxLength == nil || *s.MaxLength > 5000 {
				continue
			}
			whole, ok := sample(resolve, o.body).(map[string]any)
			if !ok || !put(whole, resolve, o.body, at, strings.Repeat("x", *s.MaxLength)) {
				continue
			}
			whole["nonsense"] = 1 // so that it is only tried
			body, err := json.Marshal(whole)
			if err != nil {
				t.Fatal(err)
			}
			looked++
			_, p := x.ask(o.method, o.pattern, string(body), nil)
			for _, f := range p.Fields {
				if f.Name == strings.Join(at, ".") && f.Code == "too_long" {
					t.Errorf("%s: %s may have %d characters, and the rule says %s", o.name, f.Pointer, *s.MaxLength, f.Detail)
				}
			}
		}
	}
	if looked < 20 {
		t.Errorf("%d texts: is the test blind?", looked)
	}
}

// limits are how long what goes by a name may be: the constants by which the rules measure. Where the same name is of something
// else in an operation, that comes first.
var limits = map[string]int{
	"name": text.MostName, "label": text.MostName, "trade_name": text.MostName, "purpose": text.MostName, "first_name": text.MostPerson, "last_name": text.MostPerson,
	"title": text.MostTitle, "phone": text.MostPhone, "email": text.MostEmail, "registration_number": text.MostRegistration, "employee_number": text.MostNumber,
	"customer_number": text.MostNumber, "parent_number": text.MostNumber, "reseller_id": text.MostNumber, "external_id": text.MostExternal, "vat_id": text.MostVAT,
	"code": text.MostCode, "extra": text.MostPlace, "street": text.MostPlace, "city": text.MostPlace, "region": text.MostPlace, "postcode": text.MostPostcode,
	"country": text.MostCountry, "currency": text.MostCurrency, "language": text.MostLanguage, "password": text.MostPassword, "current": text.MostPassword,
	"new": text.MostPassword, "link": text.MostLink, "url": text.MostURL, "po_number": cart.LongestName, "note": cart.LongestNote, "when": approval.MostText,
	"q": text.MostSearch, "supplier": text.MostSearch, "cursor": text.MostCursor, "event": text.MostEvent, "permission": text.MostEvent,
	"from_net": text.MostSum, "to_net": text.MostSum, "requested_until": text.MostDay, "shows": company.MostQuery,

	"create-role name": access.NameLength, "edit-role name": access.NameLength, "create-role description": access.DescriptionLength, "edit-role description": access.DescriptionLength,
	"create-role-template name": access.NameLength, "edit-role-template name": access.NameLength,
	"create-role-template description": access.DescriptionLength, "edit-role-template description": access.DescriptionLength,
	"create-separation-rule name": access.NameLength, "edit-separation-rule name": access.NameLength, "preview-separation-rule name": access.NameLength,
	"create-customer-group code": pricing.GroupCodeLength, "edit-customer-group code": pricing.GroupCodeLength,
	"create-customer-group name": pricing.GroupNameLength, "edit-customer-group name": pricing.GroupNameLength,
	"create-customer-group description": pricing.GroupDescriptionLength, "edit-customer-group description": pricing.GroupDescriptionLength,
	"create-webhook name": text.MostWebhook, "edit-webhook name": text.MostWebhook,
	"create-budget name": budget.MostName, "edit-budget name": budget.MostName, "set-budget-limit reason": budget.MostReason,
	"create-cost-centre name": budget.MostName, "edit-cost-centre name": budget.MostName,
	"create-approval-rule name": approval.MostName, "edit-approval-rule name": approval.MostName, "test-approval-rule name": approval.MostName, "replay-approval-rule name": approval.MostName,
	"create-approval-rule description": approval.MostDescription, "edit-approval-rule description": approval.MostDescription, "test-approval-rule description": approval.MostDescription, "replay-approval-rule description": approval.MostDescription,
	"decide-purchase-order reason": approval.MostNote, "decide-many reason": approval.MostNote, "withdraw-purchase-order reason": approval.MostNote,
	"appoint-deputy from": text.MostDay, "appoint-deputy until": text.MostDay, "change-deputy from": text.MostDay, "change-deputy until": text.MostDay,
	"create-order-list name": orderlist.LongestName, "edit-order-list name": orderlist.LongestName,
	"create-order-list description": orderlist.LongestDescription, "edit-order-list description": orderlist.LongestDescription,
	"list-approvals reason": text.MostIdentifier, "set-company-status reason": text.MostName, "act-for-customer reason": text.MostName,
}

// limit is how long what goes by a name in an operation may be.
func (o operation) limit(name string) (most int, known bool) {
	if most, known = limits[o.name+" "+name]; !known {
		most, known = limits[name]
	}
	if !known && strings.HasSuffix(name, "_id") {
		return text.MostIdentifier, true
	}
	return most, known
}

// The lengths of the description are those of the rules, for every text of every operation: its tags are literals, and here each is
// held against the constant by which the rule measures. None is longer or shorter, none is unknown here, and none that a rule
// bounds is left open.
func TestTheDescriptionHasTheLimitsOfTheRules(t *testing.T) {
	all, resolve := described()
	looked := 0
	look := func(o operation, name, where string, s *huma.Schema) {
		want, known := o.limit(name)
		bounded := s.Type == huma.TypeString && len(s.Enum) == 0 && s.Format == "" && s.Pattern == "" && !strings.HasSuffix(name, "_id")
		switch {
		case s.MaxLength == nil && known && bounded:
			t.Errorf("%s: %s may be as long as one likes, and the rule says %d", o.name, where, want)
		case s.MaxLength == nil:
		case !known:
			t.Errorf("%s: say in this test by which constant %s, of %d characters, is measured", o.name, where, *s.MaxLength)
		default:
			if looked++; *s.MaxLength != want {
				t.Errorf("%s: %s may have %d characters, and the rule says %d", o.name, where, *s.MaxLength, want)
			}
		}
	}
	for _, o := range all {
		for _, p := range o.Parameters {
			if p.In == "query" {
				look(o, p.Name, "query "+p.Name, resolve(p.Schema))
			}
		}
		if o.body == nil {
			continue
		}
		for _, at := range places(resolve, o.body, nil) {
			s := o.body
			for _, name := range at {
				if s = resolve(s); s.Type == huma.TypeArray {
					s = s.Items
				} else {
					s = s.Properties[name]
				}
			}
			look(o, at[len(at)-1], strings.Join(at, "."), resolve(s))
		}
	}
	if looked < 200 {
		t.Errorf("%d texts: is the test blind?", looked)
	}
}

// One is said as one, and ten are not taken for it.
func TestOneIsSaidAsOne(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	many := `{"ids":[` + strings.TrimSuffix(strings.Repeat(`"x",`, 201), ",") + `]}`
	for _, test := range []struct{ method, path, body, want string }{
		{"POST", "/api/v1/inbox/read", `{"ids":[]}`, "at least one entry is needed here"},
		{"POST", "/api/v1/inbox/read", many, "at most 200 entries fit here"},
	} {
		status, p := x.ask(test.method, test.path, test.body, nil)
		if status != 400 || !slices.ContainsFunc(p.Fields, func(f web.ProblemField) bool { return f.Detail == test.want }) {
			t.Errorf("%s %s: %d %+v, want %q", test.method, test.path, status, p.Fields, test.want)
		}
	}
}
