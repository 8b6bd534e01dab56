package boot

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/demo"
	"kontor/internal/domain/access"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/pricing"
	"kontor/internal/edge/console"
	"kontor/internal/gateway/sheet"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/signing"
)

// plant plants the demo world where it is missing, and prints who can sign in.
func (h *house) plant(w *world) error {
	people, err := demo.Plant(w.ctx, h.db, demoPassword)
	if err != nil {
		return fmt.Errorf("plant the demo world: %w", err)
	}
	t := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "The demo world is there. Everybody signs in with the password “%s”:\n", demoPassword)
	for _, p := range people {
		fmt.Fprintf(t, "  %s\t%s\t%s\n", p.Email, p.Name, p.Role)
	}
	return t.Flush()
}

// demoPassword is everybody's in the demo world, and nobody's elsewhere.
const demoPassword = "correct-horse-demo-2026"

type seedCommand struct{}

func (seedCommand) Run(w *world) error {
	return w.with(func(h *house) error { return h.plant(w) })
}

type replayCommand struct {
	Half  bool `help:"With half of the budgets, so that some orders do not fit."`
	First int  `help:"Only so many orders; 0 is all." default:"0"`
}

func (c replayCommand) Run(w *world) error {
	if c.First < 0 {
		return errors.New("--first: there are no fewer orders than none")
	}
	return w.with(func(h *house) error {
		return demo.Replay(w.ctx, h.db, demo.Options{Half: c.Half, First: c.First}, w.out)
	})
}

type verifyCommand struct {
	JSON bool `help:"For programs." name:"json"`
}

func (c verifyCommand) Run(w *world) error {
	return w.beside(func(db *store.DB) error {
		report, err := console.Verify(w.ctx, db, console.Proofs{Budgets: budgeting.New(db), Approvals: approving.New(db), Audits: auditing.New(db),
			Exchanging: exchanging.New(db, exchanging.Settings{}), Granting: granting.New(db)})
		if err != nil {
			return err
		}
		if err := report.Print(w.out, c.JSON); err != nil {
			return err
		}
		if !report.OK() {
			return errFound
		}
		return nil
	})
}

type importCommand struct {
	File string `arg:"" help:"CSV with a header: sku, name, unit, category (levels by >), supplier, description, minimum, step (none: whole units), maximum, lead_days, price, from_quantity, list. A tier is a further row right below, with the same sku, unit, name and category again, its price, and the quantity from which it holds."`
	List string `help:"The price list of rows that name none." default:"Base prices"`
	Cur  string `help:"The currency of the prices." name:"currency" default:"EUR"`
}

func (c importCommand) Run(w *world) error {
	currency, err := money.ParseCurrency(c.Cur)
	if err != nil {
		return err
	}
	file, err := os.ReadFile(c.File)
	if err != nil {
		return console.Unread(c.File, err)
	}
	text, comma, err := sheet.Text(file)
	if err != nil {
		return err
	}
	rows, err := console.ReadProducts(strings.NewReader(text), comma, c.List, currency)
	if err != nil {
		return err
	}
	return w.withExisting(func(h *house) error {
		done, err := h.cataloguing.Import(w.ctx, access.System(id.Company{}), rows, pricing.PriceList{Name: c.List, Currency: currency})
		if err != nil {
			return console.InColumns(err)
		}
		_, err = fmt.Fprintf(w.out, "%d products made, %d changed, %d as they were; %d categories, %d prices.\n", done.Made, done.Changed, done.Same, done.Categories, done.Prices)
		return err
	})
}

type userCommand struct {
	Bootstrap bootstrapCommand `cmd:"" help:"Found a company with its first administrator, and print a one-time password."`
	Owner     ownerCommand     `cmd:"" help:"Open the seller's office with its first owner, and print a one-time password."`
	Password  passwordCommand  `cmd:"" help:"Give an account that has no password a one-time one, and print it."`
}

type bootstrapCommand struct {
	Company  string `required:"" help:"The company's name."`
	Number   string `required:"" help:"Its customer number."`
	Email    string `required:"" help:"The administrator's e-mail address."`
	First    string `required:"" help:"Their first name."`
	Last     string `required:"" help:"Their last name."`
	Currency string `default:"EUR" help:"The company's currency."`
	Zone     string `default:"UTC" help:"Its time zone."`
	Language string `default:"en" enum:"en,de" help:"Its language: en or de."`
}

func (c bootstrapCommand) Run(w *world) error {
	in := onboarding.FoundInput{Number: c.Number, Name: c.Company, Currency: money.Currency(c.Currency), Zone: c.Zone,
		Language: locale.Parse(c.Language), Email: c.Email, First: c.First, Last: c.Last}
	if err := in.Check(); err != nil {
		return flagged(err) // without a database
	}
	return w.with(func(h *house) error {
		founded, err := h.onboarding.Found(w.ctx, access.System(id.Company{}), in)
		switch {
		case err != nil:
			return err
		case founded.Again:
			return fmt.Errorf("there is a company with the customer number %s already, and nothing was changed; “kontor user password” gives one of its people a password", c.Number)
		}
		err = h.password(w, c.Email)
		if errors.Is(err, identity.ErrPasswordKnown) {
			_, err = fmt.Fprintf(w.out, "%s is founded, and %s signs in with the password that they have.\n", c.Company, c.Email)
		}
		return err
	})
}

// flagged is a fault that names the flags in which it was said what is wrong.
func flagged(err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	c := *f
	c.Fields = slices.Clone(f.Fields)
	for i, field := range c.Fields {
		name := strings.TrimSuffix(field.Name, "_name")
		if name == "name" {
			name = "company"
		}
		c.Fields[i].Name = "--" + name
	}
	return &c
}

// sellerNumber is the customer number of the seller's own organisation, which is no customer.
const sellerNumber = "seller"

type ownerCommand struct {
	Email    string `required:"" help:"The owner's e-mail address."`
	First    string `required:"" help:"Their first name."`
	Last     string `required:"" help:"Their last name."`
	Currency string `default:"EUR" help:"The seller's currency."`
	Zone     string `default:"UTC" help:"The time zone of the office."`
	Language string `default:"en" enum:"en,de" help:"Its language: en or de."`
}

func (c ownerCommand) Run(w *world) error {
	in := onboarding.FoundInput{Seller: true, Number: sellerNumber, Name: w.Seller, Code: "office",
		Currency: money.Currency(c.Currency), Zone: c.Zone, Language: locale.Parse(c.Language), Email: c.Email, First: c.First, Last: c.Last}
	if err := in.Check(); err != nil {
		return flagged(err)
	}
	return w.with(func(h *house) error {
		founded, err := h.onboarding.Found(w.ctx, access.System(id.Company{}), in)
		switch {
		case err != nil:
			return err
		case founded.Again:
			return errors.New("the seller's office is open already, and nothing was changed; its owner invites more staff there")
		}
		err = h.password(w, c.Email)
		if errors.Is(err, identity.ErrPasswordKnown) {
			_, err = fmt.Fprintf(w.out, "The office of %s is open, and %s signs in with the password that they have.\n", w.Seller, c.Email)
		}
		return err
	})
}

type passwordCommand struct {
	Email string `arg:"" help:"The account's e-mail address."`
}

func (c passwordCommand) Run(w *world) error {
	if _, err := identity.EmailKey(c.Email); err != nil {
		return err
	}
	return w.withExisting(func(h *house) error { return h.password(w, c.Email) })
}

func (h *house) password(w *world, email string) error {
	password, err := h.signing.Bootstrap(w.ctx, access.System(id.Company{}), signing.BootstrapInput{Email: email})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.out, "%s signs in once with %s and then chooses a password.\n", email, password)
	return err
}
