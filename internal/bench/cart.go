package main

import (
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/store"
	"kontor/internal/usecase/purchasing"
)

func (x *site) insertCart(actor access.Actor, pieces int64) (key string, version int64, err error) {
	first, err := id.ParseProduct(x.product[0])
	if err != nil {
		return "", 0, err
	}
	second, err := id.ParseProduct(x.product[1])
	if err != nil {
		return "", 0, err
	}
	err = x.db.Write(x.ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		c := cart.Cart{ID: id.NewCart(tx.Now), Company: actor.Company, Owner: actor.Member, Name: "Cart", State: cart.Open, Version: 1, ChosenAt: tx.Now,
			Lines:    []cart.Line{{ID: id.NewCartLine(tx.Now), Product: first, Quantity: quantity.Of(pieces)}, {ID: id.NewCartLine(tx.Now), Product: second, Quantity: quantity.Of(2)}},
			Checkout: cart.Checkout{Payment: purchasing.OnAccount}}
		tx.Carts.Insert(c)
		key, version = c.ID.String(), c.Version
		return nil
	})
	return key, version, err
}
