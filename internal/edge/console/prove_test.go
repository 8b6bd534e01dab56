package console_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/console"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
)

// verify proves what is in a database, as the command does.
func verify(t *testing.T, address string) console.Report {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Address: address, Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	r, err := console.Verify(t.Context(), db, console.Proofs{Budgets: budgeting.New(db), Approvals: approving.New(db), Audits: auditing.New(db),
		Exchanging: exchanging.New(db, exchanging.Settings{}), Granting: granting.New(db)})
	if err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	return r
}

// each makes the world on both engines, at rest.
func each(t *testing.T, test func(t *testing.T, w *world, address string, s spoiling)) {
	t.Run("sqlite", func(t *testing.T) {
		w, address := work(t, storetest.SQLite(t))
		test(t, w, address, spoiling{})
	})
	t.Run("postgres", func(t *testing.T) {
		w, address := work(t, storetest.Database(t))
		test(t, w, address, spoiling{pg: true})
	})
}

// told reports whether a check of this name says all of this in one sentence; all is what is said.
func told(r console.Report, check string, said ...string) (found bool, all string) {
	for _, c := range r.Checks {
		for _, wrong := range c.Wrong {
			all += c.Name + ": " + wrong + "\n"
			found = found || strings.HasPrefix(c.Name, check) && !slices.ContainsFunc(said, func(part string) bool { return !strings.Contains(wrong, part) })
		}
	}
	return found, all
}

func TestVerifyNamesEveryDamage(t *testing.T) {
	each(t, func(t *testing.T, w *world, address string, s spoiling) {
		for _, c := range verify(t, storetest.Copy(t, address)).Checks {
			if c.Found != 0 || len(c.Wrong) != 0 || c.Checked == 0 {
				t.Errorf("of what is whole: %+v", *c)
			}
		}
		all := agreements(w, s)
		if s.pg {
			all = all[:6] // the rules that find them know no database, and a copy of one takes long
		}
		for _, d := range append(all, keepings(w, s)...) {
			t.Run(d.name, func(t *testing.T) {
				spoilt := storetest.Copy(t, address)
				storetest.Spoil(t, spoilt, d.sql...)
				if found, all := told(verify(t, spoilt), d.check, d.said...); !found {
					t.Errorf("nothing is said of %q by %s:\n%s", d.said, d.check, all)
				}
			})
		}
	})
}

// invited is the insert of an invitation.
func invited(w *world, now time.Time, state, member, ended string) string {
	return fmt.Sprintf("insert into invitation (company_id, id, email, email_key, language, inviter_id, member_id, state, digest, sent, sent_at, expires_at, created_at, ended_at)"+
		" values ('%s', '%s', 'x@x.example', 'x@x.example', 'en', '%s', %s, '%s', '%s', 1, %s, %s, %s, %s)",
		w.Acme.UUID(), id.NewInvitation(now).UUID(), w.Dan.Member.UUID(), member, state, state, aDayIn2099, aDayIn2099, aDayIn2099, ended)
}

// In every column for it, and in every text, a row of a company names what is of another one, or what there is not.
func TestVerifyNamesEveryRowThatNamesAnotherCompanys(t *testing.T) {
	each(t, func(t *testing.T, w *world, address string, s spoiling) {
		theirs := map[string]struct{ inTables, outside string }{
			"member": {w.Eve.Member.UUID(), w.Eve.Member.String()}, "unit": {w.GlobexUnits["globex"].UUID(), w.GlobexUnits["globex"].String()},
			"cost_centre": {w.GlobexCostCentre.UUID(), w.GlobexCostCentre.String()}, "role": {w.GlobexRoles["buyer"].UUID(), w.GlobexRoles["buyer"].String()},
			"purchase_order": {w.theirs.ID.UUID(), w.theirs.ID.String()}, "orders": {w.theirs.Order.UUID(), w.theirs.Order.String()},
		}
		row := map[bool]string{false: "rowid", true: "ctid"}[s.pg]
		spoil := func(address string, o viewdb.Owned, column, value, when string) {
			if when == "" {
				when = "1 = 1"
			}
			storetest.Spoil(t, address, fmt.Sprintf("update %s set %s = '%s' where %s = (select %s from %s t where company_id = '%s' and %s limit 1)",
				o.Name, column, value, row, row, o.Name, w.Acme.UUID(), when))
		}
		type naming struct{ table, what, whose string }
		check := func(address string, all []naming) {
			t.Helper()
			var said []string
			_, err := auditing.New(storetest.Open(t, address, nil)).VerifyTenants(t.Context(), access.System(id.Company{}), func(_ int64, sentence string) { said = append(said, sentence) })
			if err != nil {
				t.Error(err)
			}
			for _, n := range all {
				if !slices.ContainsFunc(said, func(s string) bool {
					return strings.HasPrefix(s, n.table+" ") && strings.Contains(s, n.what) && strings.Contains(s, n.whose)
				}) {
					t.Errorf("nothing is said of %+v:\n%s", n, strings.Join(said, "\n"))
				}
			}
		}
		now, ours := time.Now(), w.Acme.UUID()
		list := id.NewOrderList(now)
		storetest.Spoil(t, address, // what this world has none of
			fmt.Sprintf("insert into session (token_hash, id, account_id, company_id, member_id, created_at, seen_at, ends_at) values ('x', '%s', '%s', '%s', '%s', %s, %s, %s)",
				id.NewSession(now).UUID(), w.Ann.Account.UUID(), ours, w.Ann.Member.UUID(), aDayIn2099, aDayIn2099, aDayIn2099),
			fmt.Sprintf("insert into contract_price (company_id, product_id, id, reference, minimum, rate_e4, currency) values ('%s', '%s', '%s', 'x', 1, 1, 'EUR')",
				ours, w.Products[0].ID.UUID(), id.NewPrice(now).UUID()),
			fmt.Sprintf("insert into separation (company_id, id, name, permissions, roles, cardinality, excuses, enabled) values ('%s', '%s', 'x', '[\"orders.view\",\"users.view\"]', '[]', 2, false, false)",
				ours, id.NewSeparation(now).UUID()),
			fmt.Sprintf("insert into permission_use (company_id, member_id, permission, first_on, last_on) values ('%s', '%s', 'orders.view', '2026-03-05', '2026-03-05')", ours, w.Ann.Member.UUID()),
			invited(w, now, "open", "null", "null"), invited(w, now, "accepted", "'"+w.Ann.Member.UUID()+"'", aDayIn2099),
			fmt.Sprintf("insert into invitation_role (company_id, invitation_id, position, role_id) select company_id, id, 1, '%s' from invitation where company_id = '%s' and state = 'open'", w.Roles["buyer"].UUID(), ours),
			fmt.Sprintf("insert into unit_address (company_id, unit_id, address_id, delivery, billing, allowed) values ('%s', '%s', '%s', true, false, false)", ours, w.Units["ops"].UUID(), w.Address.UUID()),
			fmt.Sprintf("insert into wish (company_id, member_id, event, channel, wanted) values ('%s', '%s', 'order.placed', 'email', false)", ours, w.Ann.Member.UUID()),
			fmt.Sprintf("insert into contact (company_id, id, name, purpose) values ('%s', '%s', 'x', 'x')", ours, id.NewContact(now).UUID()),
			fmt.Sprintf("insert into member_address (company_id, member_id, address_id, delivery, billing) values ('%s', '%s', '%s', true, false)", ours, w.Ann.Member.UUID(), w.Address.UUID()),
			fmt.Sprintf("update address set member_id = '%s' where id = '%s'", w.Ann.Member.UUID(), w.Warehouse.UUID()),
			fmt.Sprintf("insert into import (company_id, id, member_id, name, size, state, mapping, counts, made_at, ends_at) values ('%s', '%s', '%s', 'x.csv', 1, 'staged', '[]', '{}', %s, %s)",
				ours, id.NewImport(now).UUID(), w.Dan.Member.UUID(), aDayIn2099, aDayIn2099),
			fmt.Sprintf("insert into deputy (company_id, id, principal_id, deputy_id, from_at, until_at, rules, units, both_may, made_at, changed_at) values ('%s', '%s', '%s', '%s', '2099-01-01T00:00:00.000000Z', '2099-01-02T00:00:00.000000Z', '[]', '[]', false, %s, %s)",
				ours, id.NewDeputy(now).UUID(), w.Bob.Member.UUID(), w.Dan.Member.UUID(), aDayIn2099, aDayIn2099),
			fmt.Sprintf("insert into order_list (company_id, id, member_id, name, name_key, changed_at) values ('%s', '%s', '%s', 'x', 'x', %s)", ours, list.UUID(), w.Ann.Member.UUID(), aDayIn2099),
			fmt.Sprintf("insert into order_list_line (company_id, order_list_id, id, product_id, sku, name, quantity, position) values ('%s', '%s', '%s', '%s', 'x', 'x', 1000, 1)",
				ours, list.UUID(), id.NewOrderListLine(now).UUID(), w.Products[0].ID.UUID()),
			fmt.Sprintf("insert into order_list_share (company_id, order_list_id, position, member_id) values ('%s', '%s', 1, '%s')", ours, list.UUID(), w.Bob.Member.UUID()),
			fmt.Sprintf("insert into order_list_share (company_id, order_list_id, position, unit_id) values ('%s', '%s', 2, '%s')", ours, list.UUID(), w.Units["ops"].UUID()),
			fmt.Sprintf("update account set company_id = '%s' where id = '%s'", ours, w.Ann.Account.UUID()))
		columns, companies, texts := storetest.Copy(t, address), storetest.Copy(t, address), storetest.Copy(t, address)
		var inColumns, inCompanies, inTexts []naming
		for _, o := range viewdb.OwnedTables() {
			for _, r := range o.Refs {
				other, known := theirs[r.To]
				if !known || r.When != "" {
					other.inTables = id.NewOrder(now).UUID()
					inColumns = append(inColumns, naming{o.Name, r.Column + " names ", "which there is not"})
				} else {
					inColumns = append(inColumns, naming{o.Name, r.Column + " names " + other.outside, "which is of " + w.Globex.String()})
				}
				spoil(columns, o, r.Column, other.inTables, r.When)
			}
			nowhere := id.NewCompany(now)
			spoil(companies, o, "company_id", nowhere.UUID(), "")
			inCompanies = append(inCompanies, naming{o.Name, "company_id names " + nowhere.String(), "which there is not"})
			for _, column := range o.Texts {
				spoil(texts, o, column, `{"of":[1,{"it":"`+w.theirs.ID.String()+`"}]}`, "")
				inTexts = append(inTexts, naming{o.Name, "names " + w.theirs.ID.String(), "which is of " + w.Globex.String()})
			}
		}
		check(columns, inColumns)
		check(companies, inCompanies)
		check(texts, inTexts)
	})
}

// Of what is wrong all is counted, and the first of it told.
func TestVerifyTellsOfMuchInAFewSentences(t *testing.T) {
	_, address := work(t, storetest.SQLite(t))
	many := []string{}
	for i := range 150 {
		many = append(many, fmt.Sprintf("insert into mail (id, company_id, recipient, name, thread, subject, body_text, body_html, state, attempts, next_at, created_at)"+
			" select '%s', company_id, recipient, name, thread, subject, body_text, body_html, 'dead', 1, next_at, created_at from mail limit 1", id.NewMail(time.UnixMilli(int64(i))).UUID()))
	}
	storetest.Spoil(t, address, many...)
	r := verify(t, address)
	i := slices.IndexFunc(r.Checks, func(c *console.Check) bool { return strings.HasPrefix(c.Name, "mails") })
	if c := r.Checks[i]; c.Found != 300 || len(c.Wrong) != 42 || !strings.Contains(c.Wrong[20], "130 more rows of mail") {
		t.Errorf("%d found, %d told: %q", c.Found, len(c.Wrong), c.Wrong)
	}
	var text strings.Builder
	if err := r.Print(&text, false); err != nil || !strings.Contains(text.String(), "300 wrong") {
		t.Errorf("%v %s", err, &text)
	}
}

func TestAReportKeepsAFewSentences(t *testing.T) {
	r := console.Report{Checks: []*console.Check{{Name: "x", Checked: 200, Found: 200}}}
	for range 100 {
		r.Checks[0].Wrong = append(r.Checks[0].Wrong, "it is wrong")
	}
	var text strings.Builder
	if err := r.Print(&text, false); err != nil || r.OK() || !strings.Contains(text.String(), "100 are told of, 200 are wrong") {
		t.Errorf("%v %s", err, &text)
	}
}
