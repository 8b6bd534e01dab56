package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
	"kontor/internal/storetest"
)

// What is wrong is pointed at where the program has put it.
func TestAProgramIsShownWhereItIsWrong(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	var customer struct{ ID string }
	seller := ""
	for token, p := range x.people {
		if p.Actor.May(access.CompaniesManage, tree.Top) {
			seller = token
		}
	}
	sam, dan := x.as(seller), x.as("dan")
	seen := sam("GET", "/companies/"+x.world.Acme.String(), "", "", 200, &customer)
	var wrong web.Problem
	x.as("ann")("POST", "/carts/current/lines", "", `{"lines":[{"product_id":"`+x.world.Products[0].ID.String()+`","quantity":"1"},{"product_id":"`+id.NewProduct(time.Now()).String()+`","quantity":"1"},{"product_id":"`+
		x.world.Products[0].ID.String()+`","quantity":"0.5"},{"product_id":"`+id.NewProduct(time.Now()).String()+`","quantity":"1"}]}`, 404, &wrong)
	var at []string
	for _, f := range wrong.Fields {
		at = append(at, f.Pointer+" "+f.Code)
	}
	if got := strings.Join(at, ", "); wrong.Code != "catalogue.unseen" || got != "/lines/0/quantity catalogue.minimum, /lines/1/product_id catalogue.unseen, /lines/2/quantity catalogue.minimum, /lines/3/product_id catalogue.unseen" {
		t.Errorf("lines of a cart: %s %s", wrong.Code, got)
	}
	for _, c := range []struct {
		call                                 func(method, path, seen, body string, status int, into any) string
		method, path, seen, body, in, points string
	}{
		{sam, "PUT", "/companies/" + customer.ID + "/partner-managers", seen, `{"staff_ids":["` + x.world.Dan.Member.String() + `"]}`, "body", "/staff_ids"},
		{sam, "PUT", "/companies/" + customer.ID + "/partner-managers", seen, `{"staff_ids":["` + x.world.Sue.Member.String() + `"],"primary_id":"` + x.world.Sam.Member.String() + `"}`, "body", "/primary_id"},
		{dan, "POST", "/roles", "", `{"name":"New","permissions":["orders.view","orders.eat"]}`, "body", "/permissions/1"},
		{dan, "GET", "/access/who-can?permission=orders.eat", "", "", "query", ""},
		{dan, "GET", "/members?unit_id=mars", "", "", "query", ""},
	} {
		var p web.Problem
		c.call(c.method, c.path, c.seen, c.body, 400, &p)
		if len(p.Fields) != 1 || p.Fields[0].In != c.in || p.Fields[0].Pointer != c.points {
			t.Errorf("%s %s %s: %s", c.method, c.path, c.body, fmt.Sprintf("%+v", p))
		}
	}
}
