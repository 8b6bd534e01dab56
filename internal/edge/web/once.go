package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"kontor/internal/base/fault"
	"kontor/internal/domain/access"
)

// Repeats knows which acts were carried out before, and what was answered.
type Repeats interface {
	Repeated(ctx context.Context, actor access.Actor, o access.Once) (answer json.RawMessage, found bool, err error)
	Answered(ctx context.Context, actor access.Actor, o access.Once, answer json.RawMessage) error
}

// Summed is an input whose sum is not that of its JSON: one with files.
type Summed interface{ Sum() (string, error) }

// repeatable reports whether op takes an Idempotency-Key without its handler knowing: every POST of somebody who is signed
// in that changes something, and does not embed Once.
func (op Op) repeatable() bool {
	return op.Method == http.MethodPost && op.Writes && !op.Idempotent && !op.Unasked && op.Scope != Public
}

// keyParam describes the header of a repeatable operation.
func keyParam() *huma.Param {
	return &huma.Param{Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string"}, Example: "3f0c9d1e-submit",
		Description: "Your name for this one act, 1 to 255 visible ASCII characters. The same key with the same body is answered alike and done once; with another body it is refused with 422."}
}

// once carries out an operation, unless it was carried out before under the caller's key: then it is answered as before. The
// key is noted by the change itself, in its transaction. Nothing is looked up beforehand: only what fails asks whether it
// has been done.
func once[I, O any](ctx context.Context, op Op, in *I, handler func(context.Context, *I) (*O, error)) (*O, error) {
	c := callOf(ctx)
	if !op.repeatable() || len(c.keys) == 0 || c.edge.Repeats == nil || c.actor.Company.IsZero() {
		return handler(ctx, in)
	}
	key, err := idempotencyKey(c.keys)
	if err != nil {
		return handler(ctx, in) // it has been noted that the key cannot be read
	}
	sum, err := sumOf(in)
	if err != nil {
		return nil, err
	}
	o := &access.Once{Act: "api." + op.ID, Key: key, Hash: sum}
	out, err := handler(WithActor(ctx, c.actor.Doing(o)), in)
	if k := fault.KindOf(err); k == fault.Forbidden || k == fault.Unauthenticated {
		return nil, err // what they could do once they may do no longer: nothing is told of it, either
	}
	if err != nil {
		answer, found, known := c.edge.Repeats.Repeated(ctx, c.actor, *o)
		if !found {
			return nil, err // it has not been done: this is why
		}
		if known != nil {
			return nil, known
		}
		before := new(O)
		return before, json.Unmarshal(answer, before)
	}
	if op.Secret {
		return out, nil
	}
	answer, err := json.Marshal(out)
	if err == nil {
		err = c.edge.Repeats.Answered(context.WithoutCancel(ctx), c.actor, *o, answer)
	}
	if err != nil {
		c.note.err = err // it is done all the same; who asks again is told that its answer is not there
	}
	return out, nil
}

func sumOf(in any) (string, error) {
	if s, ok := in.(Summed); ok {
		return s.Sum()
	}
	text, err := json.Marshal(in)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
