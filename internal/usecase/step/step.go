// Package step holds sequences that several activities share. A step is given an open transaction, opens none, and
// asks nobody: whoever calls it has asked.
package step

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"kontor/internal/base/fault"
	"kontor/internal/domain/access"
	"kontor/internal/store"
)

// ErrOtherInput is the fault of an idempotency key that was used before for something else.
var ErrOtherInput = fault.Define(fault.Refused, "once.other_input", "this idempotency key was used for another request: take a new one")

// ErrKey is the fault of an idempotency key that is too long to be kept.
var ErrKey = fault.Define(fault.Invalid, "once.key", "an idempotency key has at most 255 characters")

// Once makes the same request twice come to the same outcome. It runs fn, which remembers its outcome in its own
// transaction under the caller's key, by Remember; when fn fails because it was done before, the outcome of then is
// the outcome of now. Same key, other input is ErrOtherInput. Without a key fn simply runs.
//
// Nothing is looked up beforehand: a request that is new, as nearly all are, pays for a single row.
func Once[T any](ctx context.Context, db *store.DB, actor access.Actor, useCase, key string, input any, done *T, fn func(remember func(*store.Tx, access.Actor)) error) error {
	if key == "" {
		return fn(func(*store.Tx, access.Actor) {})
	}
	if len(key) > 255 {
		return ErrKey
	}
	hash, err := hashOf(input)
	if err != nil {
		return err
	}
	err = fn(func(tx *store.Tx, actor access.Actor) {
		tx.InsertOnce(actor, useCase, key, hash, *done)
	})
	if err == nil {
		return nil
	}
	failed := err
	var kept json.RawMessage
	var keptHash string
	var found bool
	err = db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		keptHash, kept, found, err = tx.FindOnce(ctx, actor, useCase, key)
		return err
	})
	switch {
	case err != nil:
		return errors.Join(failed, err)
	case !found:
		return failed
	case keptHash != hash:
		return ErrOtherInput
	}
	return json.Unmarshal(kept, done)
}

// Recall reads the outcome that a use case came to under the caller's key, and says whether one is kept.
func Recall[T any](ctx context.Context, tx *store.Tx, actor access.Actor, useCase, key string, done *T) (found bool, err error) {
	_, kept, found, err := tx.FindOnce(ctx, actor, useCase, key)
	if err != nil || !found {
		return false, err
	}
	return true, json.Unmarshal(kept, done)
}

func hashOf(input any) (string, error) {
	b, err := json.Marshal(input)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
