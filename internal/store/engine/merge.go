package engine

import (
	"strings"
	"sync"
)

// mergeMost is how many rows one insert may have. It is a power of two, as every number of rows is: so each text
// comes in a few lengths, and a statement that was prepared is met again.
const mergeMost = 16

// merged makes one statement of inserts that follow each other with the same text: to run a statement costs more
// than to insert a row.
func merged(queue []*Statement) []*Statement {
	var out []*Statement // nil until something is merged
	for i := 0; i < len(queue); {
		n, tuple := alike(queue[i:])
		size := 1
		for 2*size <= min(n, mergeMost) {
			size *= 2
		}
		if size > 1 && out == nil {
			out = append(make([]*Statement, 0, len(queue)), queue[:i]...)
		}
		switch {
		case size > 1:
			args := make([]any, 0, size*len(queue[i].args))
			for _, s := range queue[i : i+size] {
				args = append(args, s.args...)
			}
			out = append(out, &Statement{sql: queue[i].sql + strings.Repeat(", "+tuple, size-1), args: args, rows: -1})
		case out != nil:
			out = append(out, queue[i])
		}
		i += size
	}
	if out == nil {
		return queue
	}
	return out
}

// alike counts the inserts at the head of a queue that have one text and of whose outcome nothing is asked; tuple is
// the row of marks that the text ends with.
func alike(queue []*Statement) (n int, tuple string) {
	first := queue[0]
	if len(queue) < 2 || queue[1].sql != first.sql {
		return 1, ""
	}
	if tuple = tupleOf(first.sql); tuple == "" {
		return 1, ""
	}
	for n < len(queue) && n < mergeMost && queue[n].sql == first.sql && !queue[n].checked() && len(queue[n].dup) == 0 {
		n++
	}
	return n, tuple
}

// tuples remembers of each text the row of marks that it ends with.
var tuples sync.Map

// tupleOf is the row of marks that an insert of one row ends with, like "(?, ?)"; "" of any other statement.
func tupleOf(text string) string {
	if have, ok := tuples.Load(text); ok {
		return have.(string)
	}
	tuple := ""
	head, tail, ok := strings.Cut(text, "values (")
	if marks, closed := strings.CutSuffix(tail, ")"); ok && closed && strings.HasPrefix(strings.TrimSpace(head), "insert into ") && strings.Trim(marks, "?, ") == "" {
		tuple = "(" + tail
	}
	tuples.Store(text, tuple)
	return tuple
}
