package organising_test

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/storetest"
	"kontor/internal/usecase/organising"
)

func TestZZ(t *testing.T) {
	la := storetest.SQLite(t)
	db := storetest.Open(t, la, nil)
	w := cast.Acme(t, db)
	if _, err := organising.New(db).Build(t.Context(), access.System(w.Acme), big(10_000)); err != nil {
		t.Fatal(err)
	}
	raw, _ := sql.Open("sqlite", strings.TrimPrefix(la, "sqlite:"))
	q := `with recursive down (id, acts) as (
		  select n.id, case when m.status = 'active' then 1 else 0 end
		    from node n left join member m on m.company_id = n.company_id and m.id = n.id
		   where n.company_id = ? and n.parent_id = ?
		  union all
		  select n.id, case when m.status = 'active' then 1 else 0 end
		    from down d join node n on n.company_id = ? and n.parent_id = d.id
		    left join member m on m.company_id = n.company_id and m.id = n.id
		   where d.acts = 0)
		select count(*) from down where acts = 1`
	q2 := `select count(*) from node n join member m on m.company_id = n.company_id and m.id = n.id and m.status = 'active'
		 where n.company_id = ? and n.path > ? and n.path < ?`
	for _, x := range []struct {
		q    string
		args []any
	}{{q, []any{w.Acme.UUID(), w.Dan.Member.UUID(), w.Acme.UUID()}}, {q2, []any{w.Acme.UUID(), "1.", "1/"}}} {
		rows, err := raw.Query("explain query plan "+x.q, x.args...)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var a, b, c int
			var s string
			rows.Scan(&a, &b, &c, &s)
			fmt.Println(s)
		}
		rows.Close()
		began := time.Now()
		var n int
		raw.QueryRow(x.q, x.args...).Scan(&n)
		fmt.Println(n, time.Since(began))
	}
	if os.Getenv("KONTOR_TEST_POSTGRES") == "" {
		return
	}
	pa := storetest.Database(t)
	pdb := storetest.Open(t, pa, nil)
	w = cast.Acme(t, pdb)
	if _, err := organising.New(pdb).Build(t.Context(), access.System(w.Acme), big(10_000)); err != nil {
		t.Fatal(err)
	}
	c, _ := pgx.Connect(t.Context(), pa)
	defer c.Close(t.Context())
	q3 := `select n.kind, u.id, m.id, case when a.kind = 'unit' then a.id end, case when a.kind = 'member' then a.id end, n.path,
		       coalesce(u.name, m.name), coalesce(u.code, ''), coalesce(m.title, ''), coalesce(u.version, m.version)
		  from node n
		  left join node a on a.company_id = n.company_id and a.id = n.parent_id
		  left join unit u on u.company_id = n.company_id and u.id = n.id
		  left join member m on m.company_id = n.company_id and m.id = n.id
		 where n.company_id = $1 order by n.path, n.id limit 20000`
	rows, err := c.Query(t.Context(), "explain analyze "+q3, w.Acme.UUID())
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var s string
		rows.Scan(&s)
		fmt.Println(s)
	}
}
