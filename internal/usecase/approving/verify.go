package approving

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// verifyChunk is how many purchase orders are read at once.
const verifyChunk = 50

// Verify tells of everything in the company that the actor acts for that is wrong with a purchase order, its approval or
// its order (see approval.Record), and says how many purchase orders it looked at. Each is looked at in one snapshot;
// however many there are, only a few are held at a time.
func (s *Service) Verify(ctx context.Context, actor access.Actor, found view.Found) (checked int64, err error) {
	for _, law := range viewdb.OrderLaws(actor.Company) {
		err := s.proving(ctx, actor, func(tx *store.Tx) error { return step.Uphold(ctx, tx, law, found) })
		if err != nil {
			return 0, err
		}
	}
	var behind id.PurchaseOrder
	for more := true; more; {
		err := s.proving(ctx, actor, func(tx *store.Tx) error {
			all, err := tx.Approvals.ListRecords(ctx, actor.Company, behind, verifyChunk)
			if err != nil {
				return err
			}
			tx.Views.WantBeside(all, actor.Company)
			if err := tx.Fetch(ctx); err != nil {
				return err
			}
			for _, r := range all {
				for _, sentence := range r.Verify() {
					found(1, "purchase order "+r.Number+" ("+r.ID.String()+") of "+r.Company.String()+": "+sentence)
				}
				behind = r.ID
			}
			checked += int64(len(all))
			more = len(all) == verifyChunk
			return nil
		})
		if err != nil {
			return checked, err
		}
	}
	return checked, nil
}

// proving reads in a snapshot, for whoever sees all purchase orders of the company.
func (s *Service) proving(ctx context.Context, actor access.Actor, fn func(tx *store.Tx) error) error {
	return s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.PurchaseOrdersViewCompany, tree.Top); err != nil {
			return err
		}
		return fn(tx)
	})
}
