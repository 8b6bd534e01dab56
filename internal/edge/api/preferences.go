package api

import (
	"context"
	"net/http"
	"slices"

	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/domain/notice"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/signing"
)

type preferences struct{ Services }

func (h preferences) add(a *web.API) {
	self := access.SelfAccount.Code()
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/me/language", ID: "set-own-language", Tag: tagSessions, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Say in which language and time zone one is spoken to"}, h.language)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/me/phone", ID: "set-own-phone", Tag: tagSessions, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Say where one is called", Text: "Those see it who see the member. None is an empty one."}, h.phone)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/me/notices", ID: "get-own-wishes", Tag: tagInbox, Permission: self, Scope: web.Own,
		Summary: "Of what one hears by mail"}, h.wishes)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/me/notices", ID: "set-own-wishes", Tag: tagInbox, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Say of what one wants to hear by mail", Text: "What is not named stays as it was. The inbox has everything in any case, and mails about the security of an account always come."}, h.setWishes)
}

func (h preferences) language(ctx context.Context, in *struct {
	Body struct {
		Language string `json:"language" maxLength:"10" example:"de"`
		Zone     string `json:"time_zone" example:"Europe/Berlin"`
	}
}) (*struct{}, error) {
	err := h.Signing.SetLanguage(ctx, web.Actor(ctx), signing.SetLanguageInput{Language: locale.Language(in.Body.Language), Zone: in.Body.Zone})
	return nil, renamed(err, "zone", "time_zone")
}

func (h preferences) phone(ctx context.Context, in *struct {
	Body struct {
		Phone string `json:"phone" maxLength:"40" example:"+49 30 123456"`
	}
}) (*struct{}, error) {
	return nil, h.Organising.SetPhone(ctx, web.Actor(ctx), in.Body.Phone)
}

// WishIn is whether one wants to hear of an event by mail.
type WishIn struct {
	Event string `json:"event" maxLength:"80" example:"purchase_order.placed"`
	Email bool   `json:"email"`
}

// WishJSON is a kind of notice, and whether one hears of it by mail.
type WishJSON struct {
	WishIn
	Label  string `json:"label"`
	Always bool   `json:"always,omitempty" doc:"It concerns the security of the account: its mail always comes."`
}

type wishesOut struct {
	Body struct {
		Items []WishJSON `json:"items"`
	}
}

func wishesAnswer(who access.Actor, w notice.Wishes, err error) (*wishesOut, error) {
	if err != nil {
		return nil, err
	}
	out := &wishesOut{}
	topics := slices.DeleteFunc(notice.Topics(), func(t notice.Topic) bool { return t.Staff && who.Realm != access.Staff })
	out.Body.Items = items(topics, func(t notice.Topic) WishJSON {
		return WishJSON{WishIn{string(t.Event), w.Wants(t.Event, notice.Email)}, t.Label, t.Safety}
	})
	return out, nil
}

func (h preferences) wishes(ctx context.Context, _ *struct{}) (*wishesOut, error) {
	w, err := h.Notifying.Wishes(ctx, web.Actor(ctx))
	return wishesAnswer(web.Actor(ctx), w, err)
}

func (h preferences) setWishes(ctx context.Context, in *struct {
	Body struct {
		Items []WishIn `json:"items" maxItems:"100"`
	}
}) (*wishesOut, error) {
	said := map[notice.Wish]bool{}
	for _, w := range in.Body.Items {
		said[notice.Wish{Event: notice.Event(w.Event), Channel: notice.Email}] = w.Email
	}
	w, err := h.Notifying.SetWishes(ctx, web.Actor(ctx), said)
	return wishesAnswer(web.Actor(ctx), w, err)
}
