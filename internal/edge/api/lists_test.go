package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/matrix"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

// keyed posts under an idempotency key, as one of the cast, and reads the answer.
func (x *site) keyed(who, key, path, body string, want int, into any) {
	x.t.Helper()
	req, err := http.NewRequest("POST", x.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		x.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+who)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		x.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && into != nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil || res.StatusCode != want {
		x.t.Fatalf("%s: %d, want %d: %s, %v", path, res.StatusCode, want, text, err)
	}
}

// sku is a product of the cast as the API names it.
func (x *site) sku(n int) string { return x.world.Products[n].ID.String() }

// alter makes something else of a product.
func (x *site) alter(n int, change func(p *catalogue.Product)) {
	x.t.Helper()
	err := x.world.DB.Write(x.t.Context(), access.System(x.world.Acme), func(tx *store.Tx, _ access.Actor) error {
		p, err := tx.Catalogue.Get(x.t.Context(), x.world.Products[n].ID)
		change(&p)
		tx.Catalogue.SetProduct(p)
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
}

// fields are where a problem says something is wrong.
func fields(p web.Problem) string {
	var names []string
	for _, f := range p.Fields {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// A program makes a list, fills and changes it; what it has not seen it does not overwrite.
func TestAProgramKeepsAList(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	ann := x.as("ann")
	screw, glove, nothing := x.sku(0), x.sku(1), id.NewProduct(x.world.DB.Times()).String()
	var l api.OrderListJSON
	var no web.Problem
	ann("POST", "/lists", "", `{"name":"Weekly","description":"On Thursdays"}`, 201, &l)
	if l.May != "own" || l.Owner != x.world.Ann.Member.String() || l.Template || l.Lines != 0 || l.Description != "On Thursdays" {
		t.Errorf("%+v", l)
	}
	at := "/lists/" + l.ID
	ann("POST", "/lists", "", `{"name":" wEEkly "}`, 409, &no)
	if no.Code != "order_list.named" || fields(no) != "name" {
		t.Errorf("a name that is taken: %+v", no)
	}
	ann("POST", "/lists", "", `{"name":" ","from_id":"x"}`, 400, &no)
	if fields(no) != "from_id name" {
		t.Errorf("nothing is right: %+v", no)
	}

	var added api.AddedJSON
	seen := ann("POST", at+"/lines", "", `{"lines":[{"product_id":"`+screw+`","quantity":"130"},{"product_id":"`+glove+`","note":"Size 9"},{"product_id":"`+nothing+`"}]}`, 200, &added)
	var became []string
	for _, a := range added.Lines {
		became = append(became, a.Became+" "+a.Taken+" "+a.Code)
	}
	if got := strings.Join(became, ", "); got != "adjusted 200 catalogue.step, taken 1 , left_out 0 catalogue.unseen" {
		t.Errorf("it became: %s", got)
	}
	ann("POST", at+"/lines", "", `{"lines":[{"product_id":"`+nothing+`"}]}`, 404, nil)
	ann("POST", at+"/lines", "", `{}`, 400, &no)
	if no.Code != "order_list.nothing" {
		t.Errorf("nothing at all: %+v", no)
	}
	ann("POST", at+"/lines", "", `{"lines":[{"product_id":"x","quantity":"many"}]}`, 400, &no)
	if fields(no) != "lines.0.product_id lines.0.quantity" {
		t.Errorf("what cannot be read: %+v", no)
	}

	sheet := func() (s api.OrderListSheetJSON) {
		t.Helper()
		if now := ann("GET", at, "", "", 200, &s); now != seen {
			t.Errorf("it is of version %s, and %s was told", now, seen)
		}
		return s
	}
	s := sheet()
	if len(s.Items) != 2 || s.Total == nil || s.Total.Amount != "10.36" || s.Left != 0 || s.Items[1].Note != "Size 9" || !s.Items[1].Counts || s.Items[1].Price.Amount != "7.90" {
		t.Errorf("%+v", s)
	}
	first, second := at+"/lines/"+s.Items[0].ID, at+"/lines/"+s.Items[1].ID
	var changed api.ChangedListJSON
	old := seen
	seen = ann("PUT", first, seen, `{"quantity":"250","note":"For hall 3"}`, 200, &changed)
	if changed.Instead != "300" || changed.Lines != 2 {
		t.Errorf("%+v", changed)
	}
	for _, change := range []struct{ method, path, body string }{
		{"PUT", first, `{"quantity":"100"}`}, {"DELETE", first, ""}, {"PUT", first + "/position", `{"position":2}`}, {"PUT", at, `{"name":"Daily"}`}, {"DELETE", at, ""}, {"PUT", at + "/shares", `{"shares":[]}`},
	} {
		now := ann(change.method, change.path, old, change.body, 412, &no)
		if no.Code != "order_list.stale" || now != seen || no.Current != "/api/v1"+at {
			t.Errorf("%s %s of what has changed since: now %s at %s, %s", change.method, change.path, now, no.Current, no.Code)
		}
		ann(change.method, change.path, "", change.body, 428, nil)
	}
	ann("PUT", first, seen, `{"quantity":"0"}`, 400, nil)
	ann("PUT", at+"/lines/"+id.NewOrderListLine(x.world.DB.Times()).String(), seen, `{"quantity":"1"}`, 404, &no)
	if no.Code != "order_list.line" {
		t.Errorf("a line that is not there: %+v", no)
	}
	seen = ann("PUT", first+"/position", seen, `{"position":9}`, 200, nil)
	if s := sheet(); s.Items[0].Product != glove || s.Items[1].Note != "For hall 3" {
		t.Errorf("the first one has gone behind the last one: %+v", s.Items)
	}
	seen = ann("DELETE", second, seen, "", 200, &changed)
	if s := sheet(); changed.Lines != 1 || len(s.Items) != 1 || s.Items[0].Product != screw {
		t.Errorf("%+v, %+v", changed, s.Items)
	}
	ann("PUT", at, seen, `{"name":"List of ann"}`, 409, nil)
	l = api.OrderListJSON{}
	seen = ann("PUT", at, seen, `{"name":"Every week"}`, 200, &l)
	if l.Name != "Every week" || l.Description != "" {
		t.Errorf("%+v", l)
	}
	ann("DELETE", at, seen, "", 204, nil)
	ann("GET", at, "", "", 404, nil)
}

// Lines are copied and moved to another list, all of them or none.
func TestAProgramCarriesLines(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	ann := x.as("ann")
	var from, to api.OrderListJSON
	ann("POST", "/lists", "", `{"name":"From"}`, 201, &from)
	ann("POST", "/lists", "", `{"name":"To"}`, 201, &to)
	seen := ann("POST", "/lists/"+from.ID+"/lines", "", `{"lines":[{"product_id":"`+x.sku(0)+`"},{"product_id":"`+x.sku(1)+`"}]}`, 200, nil)
	var s api.OrderListSheetJSON
	lines := func(key string) int {
		t.Helper()
		s = api.OrderListSheetJSON{}
		ann("GET", "/lists/"+key, "", "", 200, &s)
		return len(s.Items)
	}
	lines(from.ID)
	one := s.Items[0].ID
	carry := "/lists/" + from.ID + "/carry"
	ann("POST", carry, "", `{"to_id":"`+to.ID+`","line_ids":["`+one+`"]}`, 200, nil)
	if a, b := lines(from.ID), lines(to.ID); a != 2 || b != 1 {
		t.Errorf("copied: %d are here, %d there", a, b)
	}
	var no web.Problem
	ann("POST", carry, "", `{"to_id":"`+from.ID+`"}`, 400, &no)
	if no.Code != "order_list.same" {
		t.Errorf("to itself: %+v", no)
	}
	ann("POST", carry, "", `{"to_id":"x","line_ids":["y"]}`, 400, &no)
	if fields(no) != "line_ids.0 to_id" {
		t.Errorf("what cannot be read: %+v", no)
	}
	ann("POST", carry, "", `{"to_id":"`+to.ID+`","move":true,"version":1}`, 412, nil)
	ann("POST", carry, "", `{"to_id":"`+to.ID+`","line_ids":["`+s.Items[0].ID+`"]}`, 404, nil) // which is on the other one
	if a, b := lines(from.ID), lines(to.ID); a != 2 || b != 1 {
		t.Errorf("what was refused has left %d here, %d there", a, b)
	}
	ann("POST", carry, "", `{"to_id":"`+to.ID+`","move":true,"version":`+strings.Trim(seen, `"`)+`}`, 200, nil)
	if a, b := lines(from.ID), lines(to.ID); a != 0 || b != 2 || s.Items[0].Quantity != "200" {
		t.Errorf("moved: %d are here, %d there, %+v", a, b, s.Items)
	}
}

// A list is there for those with whom it is shared, for each as far as that goes, and for nobody of another company.
func TestAProgramSharesAList(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	ann, dan, bob, eve := x.as("ann"), x.as("dan"), x.as("bob"), x.as("eve")
	var l api.OrderListJSON
	ann("POST", "/lists", "", `{"name":"Weekly"}`, 201, &l)
	at, glove := "/lists/"+l.ID, x.sku(1)
	seen := ann("POST", at+"/lines", "", `{"lines":[{"product_id":"`+glove+`"}]}`, 200, nil)
	var s api.OrderListSheetJSON
	var no web.Problem
	ann("GET", at, "", "", 200, &s)
	line := at + "/lines/" + s.Items[0].ID
	others := func(call func(method, path, seen, body string, want int, into any) string) {
		t.Helper()
		for _, q := range []struct{ method, path, body string }{
			{"GET", at, ""}, {"PUT", at, `{"name":"Mine"}`}, {"DELETE", at, ""}, {"POST", at + "/lines", `{"lines":[{"product_id":"` + glove + `"}]}`}, {"PUT", line, `{"quantity":"2"}`}, {"DELETE", line, ""},
			{"PUT", line + "/position", `{"position":1}`}, {"POST", at + "/carry", `{"to_id":"` + l.ID + `"}`}, {"PUT", at + "/shares", `{"shares":[]}`}, {"POST", at + "/cart", `{}`}, {"POST", "/lists", `{"name":"Mine","from_id":"` + l.ID + `"}`},
		} {
			call(q.method, q.path, seen, q.body, 404, &no)
			if no.Code != "order_list.unseen" {
				t.Errorf("%s %s: %+v", q.method, q.path, no)
			}
		}
	}
	others(dan)
	others(eve)

	share := func(shares string, want int) {
		t.Helper()
		no = web.Problem{}
		if now := ann("PUT", at+"/shares", seen, `{"shares":[`+shares+`]}`, want, &no); want == 200 {
			seen = now
		}
	}
	for shares, wrong := range map[string]string{
		`{"email":"nobody@acme.example"}`:                           "shares.0.email",
		`{"email":"eve@globex.example"}`:                            "shares.0.email",
		`{"member_id":"` + x.world.Eve.Member.String() + `"}`:       "shares.0.member_id",
		`{"unit_id":"` + x.world.Units["fin"].String() + `"}`:       "shares.0.unit_id", // which Ann does not see
		`{"member_id":"x","unit_id":"y"}`:                           "shares.0.member_id shares.0.unit_id",
		`{"email":"dan@acme.example"},{"email":"ann@acme.example"}`: "shares.1",
		`{},{"writes":true}`:                                        "shares.1",
	} {
		if share(shares, 400); fields(no) != wrong {
			t.Errorf("%s: %+v", shares, no)
		}
	}
	share(`{"email":"dan@acme.example","writes":true},{"unit_id":"`+x.world.Units["ops"].String()+`"}`, 200)
	s = api.OrderListSheetJSON{}
	if dan("GET", at, "", "", 200, &s); s.May != "write" || len(s.Shares) != 0 || s.OwnerName != "Ann Archer" {
		t.Errorf("Dan sees %+v", s)
	}
	if ann("GET", at, "", "", 200, &s); s.May != "own" || len(s.Shares) != 2 || s.Shares[0].Name == "" || s.Shares[0].Writes == s.Shares[1].Writes {
		t.Errorf("Ann sees %+v", s.Shares)
	}
	seen = dan("POST", at+"/lines", "", `{"lines":[{"product_id":"`+x.sku(0)+`"}]}`, 200, nil)
	for _, q := range []struct{ method, path, body string }{{"PUT", at, `{"name":"Mine"}`}, {"DELETE", at, ""}, {"PUT", at + "/shares", `{"shares":[]}`}} {
		dan(q.method, q.path, seen, q.body, 403, &no)
		if no.Code != "order_list.not_owner" {
			t.Errorf("%s %s of who only writes: %+v", q.method, q.path, no)
		}
	}
	share(`{}`, 200) // the whole company
	dan("POST", at+"/lines", "", `{"lines":[{"product_id":"`+glove+`"}]}`, 403, &no)
	if no.Code != "order_list.read_only" {
		t.Errorf("who only reads: %+v", no)
	}
	bob("GET", at, "", "", 403, &no) // it is shared with him, and he holds nothing to read it with
	if no.Permission != "lists.view" {
		t.Errorf("Bob is told %+v", no)
	}
	others(eve)
	for query, want := range map[string]int{"which=shared": 1, "which=mine": 0, "which=templates": 0, "writable=true&q=week": 0, "q=archer": 1, "product_id=" + glove: 1, "product_id=" + x.sku(3): 0} {
		var list struct{ Items []api.OrderListJSON }
		if dan("GET", "/lists?"+query, "", "", 200, &list); len(list.Items) != want {
			t.Errorf("%s: Dan finds %+v", query, list.Items)
		}
	}
	share(``, 200)
	others(dan)
}

// A template is the company's: everybody reads it, and who provides them changes it.
func TestAProgramProvidesATemplate(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	ann, dan, eve := x.as("ann"), x.as("dan"), x.as("eve")
	var no web.Problem
	ann("POST", "/lists", "", `{"name":"New here","template":true}`, 403, &no)
	if no.Permission != "lists.templates.manage" {
		t.Errorf("%+v", no)
	}
	var l, mine api.OrderListJSON
	dan("POST", "/lists", "", `{"name":"New here","template":true}`, 201, &l)
	at := "/lists/" + l.ID
	seen := dan("POST", at+"/lines", "", `{"lines":[{"product_id":"`+x.sku(1)+`"},{"product_id":"`+x.sku(3)+`"}]}`, 200, nil)
	var s api.OrderListSheetJSON
	if ann("GET", at, "", "", 200, &s); !s.Template || s.May != "read" || s.Owner != "" || len(s.Items) != 2 {
		t.Errorf("%+v", s)
	}
	ann("POST", at+"/lines", "", `{"lines":[{"product_id":"`+x.sku(1)+`"}]}`, 403, nil)
	ann("DELETE", at, seen, "", 403, nil)
	eve("GET", at, "", "", 404, nil)
	dan("PUT", at+"/shares", seen, `{"shares":[{"email":"ann@acme.example"}]}`, 422, &no)
	if no.Code != "order_list.template" {
		t.Errorf("%+v", no)
	}
	ann("POST", "/lists", "", `{"name":"New here","from_id":"`+l.ID+`"}`, 201, &mine)
	if mine.May != "own" || mine.Lines != 2 || mine.Template {
		t.Errorf("%+v", mine)
	}
	dan("DELETE", at, seen, "", 204, nil)
	ann("GET", "/lists/"+mine.ID, "", "", 200, nil)
}

// A list goes into the cart, as a whole or in part, once for one key; what cannot be had stays on it and is named.
func TestAProgramPutsAListIntoACart(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	ann := x.as("ann")
	var l api.OrderListJSON
	ann("POST", "/lists", "", `{"name":"Weekly"}`, 201, &l)
	at := "/lists/" + l.ID
	ann("POST", at+"/lines", "", `{"lines":[{"product_id":"`+x.sku(0)+`"},{"product_id":"`+x.sku(1)+`","quantity":"3"},{"product_id":"`+x.sku(3)+`"}]}`, 200, nil)
	x.alter(3, func(p *catalogue.Product) { p.Status = catalogue.Obsolete })
	var s api.OrderListSheetJSON
	ann("GET", at, "", "", 200, &s)
	if s.Left != 1 || s.Items[2].Counts || s.Items[2].Problem == nil || s.Items[2].Name != "Laptop 14 inch" || s.Total.Amount != "24.93" {
		t.Errorf("%+v, %+v", s, s.Items[2].Problem)
	}
	var cart, part, again api.CopiedJSON
	x.keyed("ann", "all", at+"/cart", `{"replace":true}`, 200, &cart)
	var became []string
	for _, c := range cart.Lines {
		became = append(became, c.Became+" "+c.Taken)
	}
	if got := strings.Join(became, ", "); got != "taken 100, taken 3, left_out 0" {
		t.Errorf("it became: %s", got)
	}
	quantities := func() (all []string) {
		t.Helper()
		var c api.CartJSON
		ann("GET", "/carts/"+cart.Cart, "", "", 200, &c)
		for _, line := range c.Lines {
			all = append(all, line.Quantity)
		}
		return all
	}
	if got := quantities(); !slices.Equal(got, []string{"100", "3"}) {
		t.Errorf("the cart has %q", got)
	}
	for range 2 {
		x.keyed("ann", "part", at+"/cart", `{"line_ids":["`+s.Items[1].ID+`"]}`, 200, &part)
	}
	if got := quantities(); len(part.Lines) != 1 || !slices.Equal(got, []string{"100", "6"}) {
		t.Errorf("once more, under one key: %+v, %q", part.Lines, got)
	}
	var no web.Problem
	x.keyed("ann", "part", at+"/cart", `{}`, 422, &no)
	x.keyed("ann", "gone", at+"/cart", `{"line_ids":["`+id.NewOrderListLine(x.world.DB.Times()).String()+`"]}`, 404, &no)
	if no.Code != "order_list.line" {
		t.Errorf("%+v", no)
	}
	for _, other := range x.world.Things["cart"] {
		if other.Owner != "ann" {
			x.keyed("ann", "into-"+other.ID, at+"/cart", `{"cart_id":"`+other.ID+`"}`, 404, nil)
		}
	}
	x.keyed("ann", "all", at+"/cart", `{"replace":true}`, 200, &again)
	if again.Version != cart.Version {
		t.Errorf("the first one again: version %d, and it was %d", again.Version, cart.Version)
	}
}

// Of a product that its reader may not see a list tells nothing, whoever put it there: neither what it is, nor what it costs.
func TestAListTellsNothingOfWhatMayNotBeSeen(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	ann := x.as("ann")
	var l api.OrderListJSON
	ann("POST", "/lists", "", `{"name":"Weekly"}`, 201, &l)
	at := "/lists/" + l.ID
	seen := ann("POST", at+"/lines", "", `{"lines":[{"product_id":"`+x.sku(0)+`"},{"product_id":"`+x.sku(1)+`","quantity":"3","note":"Size 9"}]}`, 200, nil)
	ann("PUT", at+"/shares", seen, `{"shares":[{"writes":true}]}`, 200, nil)
	// Every role that lets somebody see lists lets them see the catalogue; with assortments that is no longer so of each product.
	blind := *x.people["no-role"]
	blind.Token = "blind"
	blind.Actor = blind.Actor.Holding([]access.Grant{{Place: tree.Top, Set: access.SetOf(access.ListsView, access.ListsManage, access.CartsManage, access.PricesView)}})
	x.people[blind.Token] = &blind
	_, _, body, err := x.send(&blind, matrix.Question{Method: "GET", Path: "/api/v1" + at})
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{x.sku(0), x.sku(1), "CAST-", "Screw", "Glove", "7.90", "0.0123", "pair"} {
		if strings.Contains(string(body), word) {
			t.Errorf("it tells %q: %s", word, body)
		}
	}
	var s api.OrderListSheetJSON
	if err := json.Unmarshal(body, &s); err != nil || len(s.Items) != 2 || s.Left != 2 || s.Items[1].Quantity != "3" || s.Items[1].Note != "Size 9" || s.Items[1].Problem == nil || s.Items[1].Counts {
		t.Fatalf("%v: %s", err, body)
	}
	call := x.as("blind")
	seen = call("PUT", at+"/lines/"+s.Items[1].ID, call("GET", at, "", "", 200, nil), `{"quantity":"4","note":"Size 10"}`, 200, nil)
	var no web.Problem
	call("POST", at+"/lines", "", `{"lines":[{"product_id":"`+x.sku(2)+`"}]}`, 404, &no)
	if no.Code != "catalogue.unseen" {
		t.Errorf("%+v", no)
	}
	_, _, body, err = x.send(&blind, matrix.Question{Method: "POST", Path: "/api/v1" + at + "/cart", Body: `{}`})
	if err != nil || strings.Contains(string(body), x.sku(0)) || strings.Contains(string(body), "CAST-") || strings.Contains(string(body), "Glove") {
		t.Errorf("into a cart: %s, %v", body, err)
	}
	var of struct{ Items []api.OrderListJSON }
	call("GET", "/lists?product_id="+x.sku(1), "", "", 200, &of)
	if len(of.Items) != 0 {
		t.Errorf("by which lists have it one finds out what is on them: %+v", of.Items)
	}
	if ann("GET", at, "", "", 200, &s) != seen || s.Items[1].Quantity != "4" {
		t.Errorf("what is hidden is changed all the same: %+v", s.Items)
	}
}
