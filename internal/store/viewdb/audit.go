package viewdb

import (
	"context"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// ListAudit is a page of the company's audit, cut by the filter, the newest first.
func (t Tables) ListAudit(ctx context.Context, key id.Company, f view.AuditFilter, ask page.Ask) (page.List[view.Remembered], error) {
	w := where{}
	w.and("a.company_id = ?", key)
	if !f.From.IsZero() {
		w.and("a.at >= ?", f.From)
	}
	if !f.Until.IsZero() {
		w.and("a.at < ?", f.Until)
	}
	if !f.Member.IsZero() {
		w.and("a.member_id = ?", f.Member)
	}
	switch begins := strings.HasSuffix(f.Event, "."); {
	case begins:
		w.and("a.event >= ? and a.event < ?", f.Event, strings.TrimSuffix(f.Event, ".")+"/") // a slash comes right behind a dot
	case f.Event != "":
		w.and("a.event = ?", f.Event)
	}
	if f.About != "" {
		w.and("a.subject = ?", f.About)
	}
	if len(ask.After) > 0 {
		key, err := id.ParseEvent(ask.After[0])
		if err != nil {
			return page.List[view.Remembered]{}, page.ErrCursor
		}
		w.and("a.id < ?", key)
	}
	var rows []view.Remembered
	engine.Rows(t.Tx.Ask(`
		select a.id, a.at, a.actor_kind, a.account_id, a.member_id, a.actor_name, a.event, a.subject, a.body, a.request, a.address, coalesce(a.place, 0), a.hash
		  from audit a where `+w.String()+` order by a.id desc limit ?`, append(w.args, ask.Size()+1)...), &rows,
		func(r *view.Remembered, scan engine.Scan) error {
			return scan(&r.ID, &r.At, &r.Kind, &r.Account, &r.Member, &r.Name, &r.Event, &r.About, engine.JSON(&r.Body), &r.Request, &r.Address, &r.Place, &r.Hash)
		})
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[view.Remembered]{}, err
	}
	return page.Cut(rows, ask, func(r view.Remembered) []string { return []string{r.ID.String()} }), nil
}
