package order

import (
	"fmt"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
)

// prefix is what every order number begins with: sales order.
const prefix = "SO-"

// ErrNumber is the fault of a text that is no order number.
var ErrNumber = fault.Define(fault.Invalid, "order.number", "an order number is SO- and at least six digits, like SO-000123")

// Number is what people call the order that is the nth of its series, n from 1 on: SO-000123.
func Number(n int64) string { return fmt.Sprintf(prefix+"%06d", n) }

// ParseNumber reads an order number as a person types it, in either case and with blanks around it.
func ParseNumber(s string) (n int64, err error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	n, err = strconv.ParseInt(strings.TrimPrefix(s, prefix), 10, 64)
	if err != nil || n < 1 || Number(n) != s {
		return 0, ErrNumber
	}
	return n, nil
}
