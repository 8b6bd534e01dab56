package main

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// approvals measures the last approval of a purchase order, which places it: decision, booking, order, audit, outbox.
func (x *site) approvals(kind, reference string, raw float64) error {
	name := "approve and place, " + kind + ", 8 clients"
	if !x.wantsRow(name) {
		return nil
	}
	type waiting struct {
		who      int
		id, hash string
	}
	all := make([]waiting, int(x.span.Seconds()*400)+8)
	for i := range all {
		who := i % len(x.buyers)
		actor, err := x.s.Signing.Recognise(x.ctx, x.buyers[who], "127.0.0.1", "bench")
		if err != nil {
			return err
		}
		cart, version, err := x.insertCart(actor, 20_000)
		if err != nil {
			return err
		}
		var done struct {
			ID string `json:"purchase_order_id"`
		}
		if err := x.submit(who, cart, version, &done); err != nil {
			return err
		}
		var po struct {
			Hash string `json:"content_hash"`
		}
		if err := x.call(x.bosses[who], http.MethodGet, "/api/v1/purchase-orders/"+done.ID, nil, &po); err != nil {
			return err
		}
		all[i] = waiting{who, done.ID, po.Hash}
	}
	var next atomic.Int64
	perSecond, p99, err := x.drain(8, func(int, int) (bool, error) {
		i := int(next.Add(1)) - 1
		if i >= len(all) {
			return false, nil
		}
		w := all[i]
		var out struct{ State string }
		err := x.call(x.bosses[w.who], http.MethodPost, "/api/v1/purchase-orders/"+w.id+"/decisions", object{"verdict": "approve", "content_hash": w.hash}, &out, "Idempotency-Key", w.id)
		if err == nil && out.State != "placed" {
			err = fmt.Errorf("the order is %s", out.State)
		}
		return true, err
	})
	if err != nil {
		return err
	}
	x.add(name, fmt.Sprintf("%s, p99 %s", rate(perSecond), p99.Round(100*time.Microsecond)), reference, percent(perSecond, raw), "")
	return nil
}
