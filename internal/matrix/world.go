package matrix

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/listing"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
)

// World is the cast with more people around Pat, and one of everything in every relation to her:
//
//	Dan
//	└─ acme
//	   ├─ fin
//	   │  ├─ Cleo
//	   │  └─ Tom       her sibling unit's
//	   └─ ops
//	      ├─ Bob
//	      │  └─ Ann    her colleague
//	      ├─ Pat       who asks
//	      │  └─ Sue    her subordinate
//	      └─ shop      a unit below hers
type World struct {
	*cast.World
	People  []*Person
	Things  map[string][]*Thing          // by kind
	Samples map[string]map[string]string // a thing of each company, by the name under which an address or a form asks for it
	Members map[string]id.Member
	Session id.Session // Pat's, in which she asks

	Signing      *signing.Service
	Cataloguing  *cataloguing.Service
	Purchasing   *purchasing.Service
	Approving    *approving.Service
	Budgeting    *budgeting.Service
	Organising   *organising.Service
	Granting     *granting.Service
	Importing    *importing.Service
	Listing      *listing.Service
	Collecting   *collecting.Service
	Auditing     *auditing.Service
	Notifying    *notifying.Service
	Exchanging   *exchanging.Service
	Onboarding   *onboarding.Service
	Pricesetting *pricesetting.Service

	places map[string]string  // of members and units, by name
	buyers map[string]actorAt // who owns purchase orders, orders and carts
}

type actorAt struct {
	access.Actor
	unit id.Unit
}

// New builds the world in an empty database.
func New(t *testing.T, db *store.DB) *World {
	t.Helper()
	guard := webhook.Guard{AllowPrivate: true}
	w := &World{
		World: cast.Acme(t, db), Things: map[string][]*Thing{}, Members: map[string]id.Member{},
		Signing: signing.New(db, signing.Options{}), Cataloguing: cataloguing.New(db), Purchasing: purchasing.New(db, step.NewRulebook()), Approving: approving.New(db),
		Budgeting: budgeting.New(db), Organising: organising.New(db), Onboarding: onboarding.New(db), Pricesetting: pricesetting.New(db), Granting: granting.New(db), Importing: importing.New(db), Listing: listing.New(db), Collecting: collecting.New(db), Auditing: auditing.New(db),
		Notifying:  notifying.New(db, notifying.Settings{Public: "http://localhost"}),
		Exchanging: exchanging.New(db, exchanging.Settings{Public: "http://localhost", Guard: guard, Random: rand.Reader, Chance: func() float64 { return 0.5 }}),
		places: map[string]string{"dan": "dan", "acme": "dan/acme", "ops": "dan/acme/ops", "fin": "dan/acme/fin", "shop": "dan/acme/ops/shop", "bob": "dan/acme/ops/bob", "ann": "dan/acme/ops/bob/ann",
			"pat": "dan/acme/ops/pat", "sue": "dan/acme/ops/pat/sue", "tom": "dan/acme/fin/tom", "cleo": "dan/acme/fin/cleo", "eve": "eve", "globex": "eve/globex"},
	}
	for _, build := range []func(context.Context) error{w.hire, w.order, w.fund, w.rule, w.organise, w.grant, w.hook, w.keep, w.sell, w.sample, w.people} {
		if err := build(context.Background()); err != nil {
			t.Fatal("matrix: build the world: ", err)
		}
	}
	return w
}

// relations of what belongs to people and units of Acme, to Pat.
var relations = map[string]string{"pat": "own", "sue": "subordinate's", "ann": "colleague's", "tom": "sibling unit's", "eve": "other company's",
	"ops": "own", "shop": "unit's below", "fin": "sibling unit's", "acme": "company's", "globex": "other company's"}

// put adds a thing that belongs to somebody or some unit, or to a whole company.
func (w *World) put(kind, whose string, key fmt.Stringer, change ...func(*Thing)) {
	x := &Thing{Relation: relations[whose], ID: key.String(), Company: "acme", With: map[string]string{}}
	if whose == "eve" || whose == "globex" {
		x.Company = "globex"
	}
	for _, c := range change {
		c(x)
	}
	w.Things[kind] = append(w.Things[kind], x)
}

func (w *World) owned(by, at string) func(*Thing) {
	return func(x *Thing) { x.Owner, x.OwnerAt, x.At = by, w.places[by], w.places[at] }
}

func (w *World) at(place string) func(*Thing) { return func(x *Thing) { x.At = w.places[place] } }

func with(pairs ...string) func(*Thing) {
	return func(x *Thing) {
		for i := 0; i+1 < len(pairs); i += 2 {
			x.With[pairs[i]] = pairs[i+1]
		}
	}
}

// gone adds a thing that is not there, as though there had been one, or never was.
func (w *World) gone(kind, relation string, key fmt.Stringer, change ...func(*Thing)) {
	w.put(kind, "", key, append(change, func(x *Thing) { x.Relation, x.Company = relation, "" })...)
}

func (w *World) unit(of string) id.Unit {
	if u, ok := w.Units[of]; ok {
		return u
	}
	return w.GlobexUnits[of]
}

func (w *World) pathOf(ctx context.Context, u id.Unit) (at tree.Path, err error) {
	err = w.DB.Read(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
		unit, err := tx.Companies.GetUnit(ctx, w.Acme, u)
		at = unit.Path
		return err
	})
	return at, err
}
