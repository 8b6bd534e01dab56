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

var auditBy = Sorting[audit.Entry]{page.Sort{By: "when", Down: true}, map[string]rank[audit.Entry]{
	"when": by(aKey("a.id", func(e audit.Entry) id.Event { return e.ID }, id.ParseEvent)), // a key tells when it was made
}}

// ListAudit is a page of the company's audit, cut by the filter, the newest first unless the older are asked for.
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
	at, err := auditBy.At(ask)
	if err != nil {
		return page.List[audit.Entry]{}, err
	}
	text, args := sorted(&w, at)
	var rows []audit.Entry
	engine.Rows(t.Tx.Ask(`
		select `+auditdb.EntryColumns+` from audit a where `+text, args...), &rows, auditdb.ScanEntry)
	if err := t.Tx.Fetch(ctx); err != nil {
		return page.List[audit.Entry]{}, err
	}
	return at.List(rows), nil
}
