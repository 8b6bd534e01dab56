package trust

import (
	"context"
	"fmt"
	"testing"

	"kontor/internal/base/money"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/signing"
)

// password is everybody's.
const password = "correct-horse-trust-2026"

// world is the cast in a database, and some more buyers under Bob, who decides on what costs more than 500 EUR net.
// All that they order is charged to a budget of the whole company, which is large; what they order for cost centre HOT
// is charged to its budget too. Both block.
type world struct {
	address string
	buyers  []string          // e-mail addresses
	things  map[string]string // identifiers by what stories call them
}

// plant makes the world, with so many more buyers and so much money in the hot budget.
func plant(t *testing.T, address string, buyers int, hot money.Money) *world {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{Address: address})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = db.Migrate(ctx)
	check(err)
	c := cast.Acme(t, db)
	w := &world{address: address}
	plan := organising.Plan{Members: []organising.PlannedMember{{Email: "bob@acme.example", Under: "ops", Roles: []organising.PlannedRole{{Role: "approver"}}}}}
	for i := range buyers {
		email := fmt.Sprintf("buyer%02d@acme.example", i)
		w.buyers = append(w.buyers, email)
		plan.Members = append(plan.Members, organising.PlannedMember{Email: email, First: "Buyer", Last: fmt.Sprintf("No. %d", i), Number: fmt.Sprint(100 + i),
			Under: "bob@acme.example", Roles: []organising.PlannedRole{{Role: "buyer"}}})
	}
	_, err = organising.New(db).Build(ctx, access.System(c.Acme), plan)
	check(err)
	above := money.Of(500_00, "EUR")
	_, err = approving.New(db).CreateRule(ctx, c.Dan, approval.Rule{Name: "Above 500 EUR the manager", Enabled: true, Basis: approval.Net,
		Steps: []approval.Step{{}, {Above: &above, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}})
	check(err)
	b := budgeting.New(db)
	centre, err := b.CreateCostCentre(ctx, c.Dan, budgeting.CostCentreInput{Code: "HOT", Name: "Wanted by all"})
	check(err)
	fund := func(name string, owner budget.Owner, limit money.Money) string {
		made, err := b.Create(ctx, c.Dan, budgeting.CreateInput{Name: name, Owner: owner, Limit: limit, Basis: budget.Net,
			Cycle: budget.Cycle{Kind: budget.Fixed, From: "2020-01-01", Until: "2099-12-31"}, Exhausted: budget.Block, Carry: budget.CarryNone})
		check(err)
		return made.ID.String()
	}
	hotBudget, wholeBudget := fund("Hot", budget.Owner{CostCentre: centre.ID}, hot), fund("Whole company", budget.Owner{}, money.Of(1_000_000_000_00, "EUR"))
	check(secrets(ctx, db, c, append([]string{"ann@acme.example", "bob@acme.example", "cleo@acme.example", "eve@globex.example"}, w.buyers...)))
	w.things = map[string]string{"screw": c.Products[0].ID.String(), "glove": c.Products[1].ID.String(), "cable": c.Products[2].ID.String(), "laptop": c.Products[3].ID.String(),
		"maintenance": c.CostCentre.String(), "hot": centre.ID.String(), "hot_budget": hotBudget, "whole_budget": wholeBudget, "ops": c.Units["ops"].String(), "acme": c.Units["acme"].String(),
		"works": c.Address.String(), "warehouse": c.Warehouse.String(), "laboratory": c.GlobexAddress.String(),
		"ann": c.Ann.Member.String(), "bob": c.Bob.Member.String(), "cleo": c.Cleo.Member.String(), "dan": c.Dan.Member.String(), "eve": c.Eve.Member.String()}
	return w
}

// secrets gives everybody the password, hashed once: what a hash costs is tested elsewhere.
func secrets(ctx context.Context, db *store.DB, c *cast.World, emails []string) error {
	const first = "dan@acme.example"
	if err := signing.New(db, signing.Options{}).SetPassword(ctx, access.System(c.Acme), password, first); err != nil {
		return err
	}
	return db.Write(ctx, access.System(c.Acme), func(tx *store.Tx, _ access.Actor) error {
		known, err := tx.Accounts.ListByEmail(ctx, append(emails, first))
		if err != nil {
			return err
		}
		byEmail := map[string]identity.Account{}
		for _, a := range known {
			byEmail[a.Email] = a
		}
		for _, email := range emails {
			tx.Accounts.SetPassword(byEmail[email].ID, byEmail[first].Password, false)
		}
		return nil
	})
}
