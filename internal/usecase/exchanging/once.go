package exchanging

import (
	"bytes"
	"context"
	"encoding/json"

	"kontor/internal/base/fault"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// ErrUnanswered is the fault of a request that was carried out before, and whose answer is not there.
var ErrUnanswered = fault.Define(fault.Conflict, "once.unanswered", "this was carried out before, and what was answered is not kept, or not yet: look at what has become of it")

// Repeated looks whether the actor's act was carried out before, and with what answer. It is step.ErrOtherInput where
// something else was said with it then, and ErrUnanswered where there is no answer.
func (s *Service) Repeated(ctx context.Context, actor access.Actor, o access.Once) (answer json.RawMessage, found bool, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		var hash string
		hash, answer, found, err = tx.FindOnce(ctx, actor, o.Act, o.Key)
		switch {
		case err != nil || !found:
			return err
		case hash != o.Hash:
			return step.ErrOtherInput
		case len(answer) == 0 || bytes.Equal(answer, []byte("null")):
			return ErrUnanswered
		}
		return nil
	})
	return answer, found, err
}

// Answered keeps what was answered to an act that was carried out.
func (s *Service) Answered(ctx context.Context, actor access.Actor, o access.Once, answer json.RawMessage) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		tx.SetOnce(actor, o.Act, o.Key, answer)
		return nil
	})
}
