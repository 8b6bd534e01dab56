package listing

import (
	"bytes"
	"context"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/sheet"
	"kontor/internal/store"
)

// GiveInput is a list as its reader sees it: Rows reads it page by page, and the first row of the file is its head.
type GiveInput struct {
	List   string // its name, and that of the file: "members"
	Title  string
	Format string // csv, or xlsx
	Head   []string
	Rows   func(page.Ask) (page.List[[]string], error)
	Sort   page.Sort
}

// File is a list as a file.
type File struct {
	Name string
	Type string
	File []byte
}

// MostRows is how many rows a file has at most.
const MostRows = 50_000

var (
	// ErrFormat is the fault of a format that lists are not given out in.
	ErrFormat = fault.Define(fault.Invalid, "list.format", "a list is given out as csv or as xlsx")
	// ErrLong is the fault of a list that is too long for a file.
	ErrLong = fault.Define(fault.Refused, "list.long", "a file has at most 50 000 rows, and this list is longer: narrow it first")
)

// Give gives a list out as a file. What is in it is what the reader of the list may see: every page of it asks for itself. That
// it was given out is told.
func (s *Service) Give(ctx context.Context, actor access.Actor, in GiveInput) (out File, err error) {
	format := sheet.Format(in.Format)
	if format != sheet.CSV && format != sheet.XLSX {
		return out, ErrFormat
	}
	rows := [][]string{in.Head}
	for ask := (page.Ask{Limit: page.Most, Sort: in.Sort}); ; {
		list, err := in.Rows(ask)
		if err != nil {
			return out, err
		}
		if rows = append(rows, list.Rows...); len(rows) > MostRows+1 {
			return out, ErrLong
		}
		if list.Next == "" {
			break
		}
		if ask, err = page.Parse(list.Next, 0, page.Most); err != nil {
			return out, err
		}
		ask.Sort = in.Sort
	}
	var at time.Time
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		at = tx.Now
		tx.Tell(actor, exchange.ListWasExported{CompanyID: actor.Company, List: in.List, Format: in.Format, Rows: len(rows) - 1})
		return nil
	})
	if err != nil {
		return out, err
	}
	zone, err := time.LoadLocation(actor.Zone)
	if err != nil {
		zone = time.UTC // checked when it is chosen; a machine without it still tells the day
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, format, sheet.Table{Name: in.Title, Rows: rows}, actor.Language); err != nil {
		return out, err
	}
	return File{in.List + "-" + at.In(zone).Format(time.DateOnly) + "." + in.Format, format.Type(), b.Bytes()}, nil
}
