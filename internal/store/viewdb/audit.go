package viewdb

import (
	"context"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/audit"
	"kontor/internal/store/auditdb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// ListAudit is a page of the company's audit, cut by the filter, the newest first.
func (t Tables) ListAudit(ctx context.Context, key id.Company, f view.AuditFilter, ask page.Ask) (page.List[audit.Entry], error) {
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
	before, err := page.BehindKey(ask, id.ParseEvent)
	if err != nil {
		return page.List[audit.Entry]{}, err
	}
	if !before.IsZero() {
		w.and("a.id < ?", before)
	}
	var rows []audit.Entry
	engine.Rows(t.Tx.Ask(`
		select `+auditdb.EntryColumns+` from audit a where `+w.String()+` order by a.id desc limit ?`, append(w.args, ask.Size()+1)...), &rows, auditdb.ScanEntry)
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[audit.Entry]{}, err
	}
	return page.Cut(rows, ask, func(e audit.Entry) []string { return []string{e.ID.String()} }), nil
}
