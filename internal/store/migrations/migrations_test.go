package migrations_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/store/engine"
	"kontor/internal/store/migrations"
	"kontor/internal/storetest"
)

var errNone = fault.Define(fault.NotFound, "test.none", "none")

// until are the migrations up to the one of this name, without it.
func until(t *testing.T, name string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	all, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		if file >= name {
			break
		}
		text, err := fs.ReadFile(migrations.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		files[file] = &fstest.MapFile{Data: text}
	}
	return files
}

// before runs a test on each engine with a database as it was before the migration of this name.
func before(t *testing.T, name string, test func(t *testing.T, db *engine.DB)) {
	for kind, address := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Empty} {
		t.Run(kind, func(t *testing.T) {
			db, err := engine.Open(context.Background(), engine.Options{Address: address(t)})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Migrate(context.Background(), until(t, name)); err != nil {
				t.Fatal(err)
			}
			test(t, db)
		})
	}
}

func TestProductsWithoutAStepAreSoldInWholeUnits(t *testing.T) {
	before(t, "0002_whole_units.sql", func(t *testing.T, db *engine.DB) {
		ctx := context.Background()
		tests := []struct {
			sku                 string
			minimum, step, most quantity.Quantity
			wantMinimum, want   quantity.Quantity
		}{
			{"kept as any quantity", 1, 1, 0, 1000, 1000},
			{"from six on", 6000, 1, 0, 6000, 1000},
			{"up to twenty", 1, 1, 20_000, 1000, 1000},
			{"never a whole one", 1, 1, 500, 1, 1},
			{"by the half metre", 500, 500, 0, 500, 500},
			{"a hundred at a time", 1, 100_000, 0, 100_000, 100_000},
		}
		err := db.Write(ctx, func(tx *engine.Tx) error {
			shelf := id.NewCategory(tx.Now)
			tx.Write(`insert into category (id, number, code, name) values (?, 1, 'x', 'X')`, shelf)
			for i, test := range tests {
				tx.Write(`insert into product (id, number, sku, sku_key, name, name_key, unit, category_id, minimum, step, most, status) values (?, ?, ?, ?, 'X', 'x', 'pcs', ?, ?, ?, ?, 'active')`,
					id.NewProduct(tx.Now), int64(i+1), test.sku, test.sku, shelf, test.minimum, test.step, test.most)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Migrate(ctx, migrations.Files); err != nil {
			t.Fatal(err)
		}
		for _, test := range tests {
			var minimum, step quantity.Quantity
			err := db.Read(ctx, func(tx *engine.Tx) error {
				tx.Ask(`select p.minimum, p.step from product p where p.sku = ?`, test.sku).Row(errNone, &minimum, &step)
				return tx.Fetch(ctx)
			})
			if err != nil || minimum != test.wantMinimum || step != test.want {
				t.Errorf("%s: from %s in steps of %s, %v", test.sku, minimum, step, err)
			}
		}
	})
}

// Whoever was filling a cart goes on with that one.
func TestTheCartChangedLastIsTheOneChosenLast(t *testing.T) {
	before(t, "0003_carts_come_back.sql", func(t *testing.T, db *engine.DB) {
		ctx := context.Background()
		var company id.Company
		var first, last id.Cart
		err := db.Write(ctx, func(tx *engine.Tx) error {
			account, member := id.NewAccount(tx.Now), id.NewMember(tx.Now)
			company, first, last = id.NewCompany(tx.Now), id.NewCart(tx.Now), id.NewCart(tx.Now)
			tx.Write(`insert into account (id, email, email_key, first_name, last_name, created_at) values (?, 'a@x.example', 'a@x.example', 'A', 'X', ?)`, account, tx.Now)
			tx.Write(`insert into company (id, number, name, status, currency, zone, created_at) values (?, '1', 'X', 'active', 'EUR', 'UTC', ?)`, company, tx.Now)
			tx.Write(`insert into member (company_id, id, account_id, name, email, words, status, created_at) values (?, ?, ?, 'A', 'a@x.example', 'a', 'active', ?)`,
				company, member, account, tx.Now)
			for _, c := range []struct {
				key id.Cart
				at  time.Time
			}{{last, tx.Now}, {first, tx.Now.Add(-time.Hour)}} {
				tx.Write(`insert into cart (company_id, id, member_id, name, state, checkout, changed_at) values (?, ?, ?, 'Cart', 'open', ?, ?)`,
					company, c.key, member, engine.JSON(struct{}{}), c.at)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Migrate(ctx, migrations.Files); err != nil {
			t.Fatal(err)
		}
		var chosen id.Cart
		err = db.Read(ctx, func(tx *engine.Tx) error {
			tx.Ask(`select c.id from cart c where c.company_id = ? and c.chosen_at is not null order by c.chosen_at desc, c.id desc limit 1`, company).Row(errNone, &chosen)
			return tx.Fetch(ctx)
		})
		if err != nil || chosen != last {
			t.Errorf("%s is worked on, want %s, %v", chosen, last, err)
		}
	})
}

// A company that had roles before keeps them, and has no rule of separation of duty until it makes one.
func TestACompanyOfBeforeKeepsApartNothing(t *testing.T) {
	before(t, "0004_separation.sql", func(t *testing.T, db *engine.DB) {
		ctx := context.Background()
		var company id.Company
		err := db.Write(ctx, func(tx *engine.Tx) error {
			company = id.NewCompany(tx.Now)
			tx.Write(`insert into company (id, number, name, status, currency, zone, created_at) values (?, '1', 'X', 'active', 'EUR', 'UTC', ?)`, company, tx.Now)
			tx.Write(`insert into role (company_id, id, name, permissions) values (?, ?, 'Buyer', ?)`, company, id.NewRole(tx.Now), engine.JSON([]string{"checkout.place"}))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Migrate(ctx, migrations.Files); err != nil {
			t.Fatal(err)
		}
		rule := func(name string, cardinality int64) error {
			return db.Write(ctx, func(tx *engine.Tx) error {
				tx.Write(`insert into separation (company_id, id, name, permissions, roles, cardinality, excuses, enabled) values (?, ?, ?, ?, ?, ?, ?, ?)`,
					company, id.NewSeparation(tx.Now), name, engine.JSON([]string{"checkout.place", "budgets.manage"}), engine.JSON([]string{}), cardinality, false, true)
				return nil
			})
		}
		var rules, roles int64
		count := func() {
			t.Helper()
			err := db.Read(ctx, func(tx *engine.Tx) error {
				tx.Ask(`select count(*) from separation p where p.company_id = ?`, company).Row(errNone, &rules)
				tx.Ask(`select count(*) from role r where r.company_id = ?`, company).Row(errNone, &roles)
				return tx.Fetch(ctx)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if count(); rules != 0 || roles != 1 {
			t.Errorf("%d rules, %d roles", rules, roles)
		}
		if err := rule("Pair", 2); err != nil {
			t.Error(err)
		}
		if rule("Pair", 2) == nil {
			t.Error("a name is there twice")
		}
		if rule("One", 1) == nil {
			t.Error("one permission is too many")
		}
		if count(); rules != 1 {
			t.Errorf("%d rules", rules)
		}
	})
}

// What was on its way stays as it is; of one address there is one open invitation, and as many as ended.
func TestInvitationsComeAndMailsStay(t *testing.T) {
	before(t, "0005_invitations.sql", func(t *testing.T, db *engine.DB) {
		ctx := context.Background()
		var company id.Company
		err := db.Write(ctx, func(tx *engine.Tx) error {
			company = id.NewCompany(tx.Now)
			tx.Write(`insert into company (id, number, name, status, currency, zone, created_at) values (?, '1', 'X', 'active', 'EUR', 'UTC', ?)`, company, tx.Now)
			tx.Write(`insert into mail (id, company_id, recipient, name, thread, subject, body_text, body_html, state, next_at, created_at)
				values (?, ?, 'a@x.example', 'A', 't', 's', 'text', 'html', 'ready', ?, ?)`, id.NewMail(tx.Now), company, tx.Now, tx.Now)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Migrate(ctx, migrations.Files); err != nil {
			t.Fatal(err)
		}
		err = db.Read(ctx, func(tx *engine.Tx) error {
			var n int64
			tx.Ask(`select count(*) from mail m where not m.secret and m.body_text = 'text'`).Row(errNone, &n)
			err := tx.Fetch(ctx)
			if n != 1 {
				t.Errorf("%d mails stay", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		taken := fault.Define(fault.Conflict, "test.taken", "taken")
		invite := func(state, digest string) error {
			return db.Write(ctx, func(tx *engine.Tx) error {
				var ended any
				if state != "open" {
					ended = tx.Now
				}
				tx.Write(`insert into invitation (company_id, id, email, email_key, language, state, digest, sent, sent_at, expires_at, created_at, ended_at)
					values (?, ?, 'A@x.example', 'a@x.example', 'en', ?, ?, 1, ?, ?, ?, ?)`, company, id.NewInvitation(tx.Now), state, digest, tx.Now, tx.Now, tx.Now, ended).
					Unique("invitation_company_id_email_key_key", taken)
				return nil
			})
		}
		for _, tt := range []struct {
			state, digest string
			want          error
		}{{"revoked", "1", nil}, {"expired", "2", nil}, {"open", "3", nil}, {"revoked", "4", nil}, {"open", "5", taken}} {
			if err := invite(tt.state, tt.digest); !errors.Is(err, tt.want) {
				t.Errorf("%s %s: %v", tt.state, tt.digest, err)
			}
		}
	})
}

// A company of before keeps its book as it was; a label is there once in it, and once in that of each member.
func TestAddressesOfBeforeAreTheCompanys(t *testing.T) {
	before(t, "0008_addresses.sql", func(t *testing.T, db *engine.DB) {
		ctx := context.Background()
		var company id.Company
		var member id.Member
		err := db.Write(ctx, func(tx *engine.Tx) error {
			account := id.NewAccount(tx.Now)
			company, member = id.NewCompany(tx.Now), id.NewMember(tx.Now)
			tx.Write(`insert into account (id, email, email_key, first_name, last_name, created_at) values (?, 'a@x.example', 'a@x.example', 'A', 'X', ?)`, account, tx.Now)
			tx.Write(`insert into company (id, number, name, status, currency, zone, created_at) values (?, '1', 'X', 'active', 'EUR', 'UTC', ?)`, company, tx.Now)
			tx.Write(`insert into member (company_id, id, account_id, name, email, words, status, created_at) values (?, ?, ?, 'A', 'a@x.example', 'a', 'active', ?)`, company, member, account, tx.Now)
			tx.Write(`insert into address (company_id, id, label, name, street, postcode, city, country, delivers, bills, usual, version)
				values (?, ?, 'Works', 'N', 'S', '1', 'C', 'DE', true, false, true, 7)`, company, id.NewAddress(tx.Now))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Migrate(ctx, migrations.Files); err != nil {
			t.Fatal(err)
		}
		err = db.Read(ctx, func(tx *engine.Tx) error {
			var n int64
			tx.Ask(`
				select count(*) from address a
				 where a.label = 'Works' and a.member_id is null and a.delivers and not a.bills and a.usual and not a.usual_billing and a.version = 7`).Row(errNone, &n)
			err := tx.Fetch(ctx)
			if n != 1 {
				t.Errorf("%d addresses are as they were", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		taken, twice := fault.Define(fault.Conflict, "test.label_taken", "taken"), fault.Define(fault.Conflict, "test.label_twice", "twice")
		for _, tt := range []struct {
			owner any
			label string
			want  error
		}{{nil, "Works", taken}, {member, "Works", nil}, {member, "Works", twice}, {nil, "Yard", nil}} {
			err := db.Write(ctx, func(tx *engine.Tx) error {
				tx.Write(`insert into address (company_id, id, member_id, label, name, street, postcode, city, country) values (?, ?, ?, ?, 'N', 'S', '', 'C', 'DE')`,
					company, id.NewAddress(tx.Now), tt.owner, tt.label).
					Unique("address_company_id_label_key", taken).Unique("address_company_id_member_id_label_key", twice)
				return nil
			})
			if !errors.Is(err, tt.want) {
				t.Errorf("%s of %v: %v", tt.label, tt.owner, err)
			}
		}
	})
}

func TestWordsOfProductsThatThereAreCanBeMisspelt(t *testing.T) {
	before(t, "0020_words_of_products.sql", func(t *testing.T, db *engine.DB) {
		ctx := context.Background()
		if err := db.Write(ctx, func(tx *engine.Tx) error {
			tx.SetWords("product_search", `values (cast(? as bigint), cast(? as text)), (cast(? as bigint), cast(? as text))`, 1, "hammer m8x40 saw", 2, "hammer grosse")
			return tx.Fetch(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Migrate(ctx, migrations.Files); err != nil {
			t.Fatal(err)
		}
		var words []string
		if err := db.Read(ctx, func(tx *engine.Tx) error {
			engine.Rows(tx.Ask(`select w.word, w.length, w.first, w.last from product_word w order by w.word`), &words, func(w *string, scan engine.Scan) error {
				var word, first, last string
				var length int64
				err := scan(&word, &length, &first, &last)
				*w = fmt.Sprint(word, length, first, last)
				return err
			})
			return tx.Fetch(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(words, " "); got != "grosse6ge hammer6hr" {
			t.Errorf("%q", got)
		}
	})
}
