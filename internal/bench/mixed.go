package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// mixed sends a thousand requests a second, whether or not the former have been answered, as people do who know nothing of
// each other. The time of each counts from the moment at which it was due.
func (x *site) mixed(kind string) error {
	const perSecond = 1000
	name := fmt.Sprintf("%d mixed requests a second, %s", perSecond, kind)
	if !x.wantsRow(name) {
		return nil
	}
	n := int(perSecond * x.span.Seconds())
	carts, err := x.prepared(n/20+1, false)
	if err != nil {
		return err
	}
	var next atomic.Int64
	// Of twenty requests one submits, two put into a cart, and the others look.
	kinds := []func(who int) error{
		func(who int) error { return x.get(x.buyers[who], "/api/v1/products?limit=20") },
		func(who int) error { return x.get(x.buyers[who], "/api/v1/products/"+x.product[who%len(x.product)]) },
		func(who int) error { return x.get(x.buyers[who], "/api/v1/me") },
		func(who int) error { return x.get(x.buyers[who], "/api/v1/products?limit=20") },
		func(who int) error { return x.get(x.bosses[who], "/api/v1/approvals?limit=20") },
		func(who int) error { return x.get(x.buyers[who], "/api/v1/products/"+x.product[who%len(x.product)]) },
		func(who int) error {
			return x.call(x.bosses[who], http.MethodPost, "/api/v1/carts/current/lines", object{"lines": []object{{"product_id": x.product[who%len(x.product)], "quantity": "1"}}}, nil)
		},
		func(who int) error { return x.get(x.buyers[who], "/api/v1/purchase-orders?limit=20") },
		func(who int) error { return x.get(x.buyers[who], "/api/v1/carts/current") },
		func(who int) error { return x.get(x.bosses[who], "/api/v1/members?limit=20") },
		func(int) error {
			c := carts[next.Add(1)-1]
			return x.submit(c.who, c.cart, c.version, nil)
		},
		func(who int) error { return x.get(x.buyers[who], "/api/v1/products?limit=20") },
		func(who int) error { return x.get(x.buyers[who], "/api/v1/products/"+x.product[who%len(x.product)]) },
		func(who int) error { return x.get(x.bosses[who], "/api/v1/orders?limit=20") },
		func(who int) error { return x.get(x.buyers[who], "/api/v1/me") },
		func(who int) error { return x.get(x.buyers[who], "/api/v1/inbox?limit=20") },
		func(who int) error {
			return x.call(x.bosses[who], http.MethodPost, "/api/v1/carts/current/lines", object{"lines": []object{{"product_id": x.product[who%len(x.product)], "quantity": "1"}}}, nil)
		},
		func(who int) error { return x.get(x.buyers[who], "/api/v1/orders?limit=20") },
		func(who int) error { return x.get(x.bosses[who], "/api/v1/purchase-orders?limit=20") },
		func(who int) error { return x.get(x.buyers[who], "/api/v1/categories") },
	}
	took := make([]time.Duration, n)
	failed := make([]error, n)
	var wg sync.WaitGroup
	began := time.Now()
	for i := range n {
		due := began.Add(time.Duration(i) * time.Second / perSecond)
		time.Sleep(time.Until(due))
		wg.Go(func() {
			failed[i] = kinds[i%len(kinds)](i / len(kinds) % len(x.buyers))
			took[i] = time.Since(due)
		})
	}
	wg.Wait()
	all := time.Since(began)
	if err := errors.Join(slices.DeleteFunc(failed, func(err error) bool { return err == nil })...); err != nil {
		return err
	}
	slices.Sort(took)
	x.add(name, fmt.Sprintf("%.0f/s answered, p50 %s, p99 %s", float64(n)/all.Seconds(), took[n/2].Round(100*time.Microsecond), took[n*99/100].Round(100*time.Microsecond)), "", "",
		map[string]string{"sqlite": "p99 ≤ 15 ms", "postgres": "p99 ≤ 10 ms"}[kind])
	return nil
}

func (x *site) get(token, path string) error { return x.call(token, http.MethodGet, path, nil, nil) }
