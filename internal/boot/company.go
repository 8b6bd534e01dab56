package boot

import (
	"fmt"
	"text/tabwriter"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/onboarding"
)

type companyCommand struct {
	List    companyListCommand    `cmd:"" help:"List companies with their customer numbers and what they may do."`
	Block   companyBlockCommand   `cmd:"" help:"Let a company look and download, and nothing else, from the next request on."`
	Unblock companyUnblockCommand `cmd:"" help:"Let a blocked company order again."`
	Close   companyCloseCommand   `cmd:"" help:"Close a company for good: nobody acts for it any more, and its history stays."`
}

type companyListCommand struct{}

func (companyListCommand) Run(w *world) error {
	return w.beside(func(db *store.DB) error {
		t := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(t, "number\tname\tstatus\tsince")
		s, behind := onboarding.New(db), ""
		for {
			all, more, err := s.List(w.ctx, access.System(id.Company{}), behind)
			if err != nil {
				return err
			}
			for _, c := range all {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", c.Number, c.Name, c.Status, c.CreatedAt.Format("2006-01-02"))
				behind = c.Number
			}
			if !more {
				return t.Flush()
			}
		}
	})
}

// companyStatus is which company, and why: the reason stands in its audit.
type companyStatus struct {
	Number string `arg:"" help:"The customer number."`
	Reason string `required:"" help:"Why, in one line: it stands in the company's audit."`
}

type (
	companyBlockCommand   struct{ companyStatus }
	companyUnblockCommand struct{ companyStatus }
	companyCloseCommand   struct{ companyStatus }
)

func (c companyBlockCommand) Run(w *world) error   { return c.become(w, company.Blocked) }
func (c companyUnblockCommand) Run(w *world) error { return c.become(w, company.Active) }
func (c companyCloseCommand) Run(w *world) error   { return c.become(w, company.Closed) }

func (c companyStatus) become(w *world, to company.Status) error {
	return w.withExisting(func(h *house) error {
		seller := access.System(id.Company{})
		found, err := h.onboarding.Find(w.ctx, seller, c.Number)
		if err != nil {
			return err
		}
		if found.Status == to {
			_, err := fmt.Fprintf(w.out, "%s is %s already, and nothing was changed.\n", found.Name, to)
			return err
		}
		if err := h.onboarding.ChangeStatus(w.ctx, seller, onboarding.ChangeStatusInput{Company: found.ID, Version: found.Version, To: to, Reason: c.Reason}); err != nil {
			return err
		}
		_, err = fmt.Fprintf(w.out, "%s was %s and is %s.\n", found.Name, found.Status, to)
		return err
	})
}
