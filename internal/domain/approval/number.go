package approval

import (
	"fmt"
	"strconv"
	"strings"
)

// The beginnings of the numbers of purchase orders, and of the orders that are placed for them.
const (
	numberPrefix = "PO-"
	orderPrefix  = "SO-"
)

// Number is what people call the purchase order that is the nth of its company, n from 1 on: PO-000123.
func Number(n int64) string { return fmt.Sprintf(numberPrefix+"%06d", n) }

// OrderNumber is what the order is called that is placed for p: SO-000123 of PO-000123.
func (p PurchaseOrder) OrderNumber() string {
	return orderPrefix + strings.TrimPrefix(p.Number, numberPrefix)
}

// given reports whether a number is one of the first so many.
func given(number string, last int64) bool {
	n, err := strconv.ParseInt(strings.TrimPrefix(number, numberPrefix), 10, 64)
	return err == nil && 1 <= n && n <= last && Number(n) == number
}
