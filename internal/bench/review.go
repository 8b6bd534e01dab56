package main

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
)

// The company that the review functions are asked about.
const (
	reviewedMembers = 5_000
	reviewedUnits   = 200 // a tree of two below each: eight deep
)

// review measures the review functions over HTTP, in a company as large as the specification names.
func (x *site) review(kind string) error {
	if !x.wantsRow("who-can") {
		return nil
	}
	f, err := onboarding.New(x.db).Found(x.ctx, access.System(id.Company{}), onboarding.FoundInput{Number: "REVIEW", Name: "Reviewed", Code: "c", Currency: "EUR", Language: locale.English,
		Zone: "Europe/Berlin", Email: "review@bench.example", First: "Rita", Last: "Review"})
	if err != nil {
		return err
	}
	var p organising.Plan
	for i := range reviewedUnits {
		under := "c"
		if i > 0 {
			under = fmt.Sprint("u", (i-1)/2)
		}
		p.Units = append(p.Units, organising.PlannedUnit{Code: fmt.Sprint("u", i), Name: fmt.Sprint("Unit ", i), Under: under})
	}
	for i := range reviewedMembers {
		unit := fmt.Sprint("u", i%reviewedUnits)
		roles := []organising.PlannedRole{{Role: "buyer", Unit: unit}}
		if i%5 == 0 {
			roles = append(roles, organising.PlannedRole{Role: "approver", Unit: fmt.Sprint("u", i%reviewedUnits/4)})
		}
		if i%50 == 0 {
			roles = append(roles, organising.PlannedRole{Role: "observer"})
		}
		p.Members = append(p.Members, organising.PlannedMember{Email: fmt.Sprintf("reviewed%d@bench.example", i), First: "Person", Last: fmt.Sprint(i), Under: unit, Roles: roles})
	}
	began := time.Now()
	built, err := organising.New(x.db).Build(x.ctx, access.System(f.Company), p)
	if err != nil {
		return err
	}
	x.add(fmt.Sprintf("build a company of %d members in %d units, %s", reviewedMembers, reviewedUnits, kind), time.Since(began).Round(10*time.Millisecond).String(), "", "", "in seconds")
	if err := x.settle(); err != nil {
		return err
	}
	token, err := x.session(f.Company, f.Administrator)
	if err != nil {
		return err
	}
	deepest, owner := built.Units[fmt.Sprint("u", reviewedUnits-1)], built.Members["reviewed1234@bench.example"]
	var roles struct {
		Items []struct{ ID, Shipped string }
	}
	if err := x.call(token, "GET", "/api/v1/roles", nil, &roles); err != nil {
		return err
	}
	role := ""
	for _, r := range roles.Items {
		if r.Shipped == "buyer" {
			role = r.ID
		}
	}
	if role == "" {
		return errors.New("there is no role of buyers")
	}
	for _, ask := range []struct{ name, path string }{
		{"who-can, 20 of them, by owner", "/api/v1/access/who-can?limit=20&permission=orders.view&owner_id=" + owner.String()},
		{"who-can, 20 of them, at the deepest unit", "/api/v1/access/who-can?limit=20&permission=checkout.place&unit_id=" + deepest.String()},
		{"what-can", "/api/v1/members/" + owner.String() + "/permissions"},
		{"why", "/api/v1/members/" + owner.String() + "/why?permission=orders.view.company&unit_id=" + url.QueryEscape(deepest.String())},
		{"unused", "/api/v1/roles/" + role + "/unused"},
		{"similar", "/api/v1/roles/similar"},
	} {
		_, p99, err := x.drive(1, func(int, int) error { return x.get(token, ask.path) })
		if err != nil {
			return err
		}
		x.add(fmt.Sprintf("%s; %d members, %s", ask.name, reviewedMembers, kind), "p99 "+p99.Round(100*time.Microsecond).String(), "", "", "≤ 50 ms")
	}
	return nil
}
