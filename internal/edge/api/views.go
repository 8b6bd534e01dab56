package api

import (
	"context"
	"net/http"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
)

type views struct{ Services }

func (h views) add(a *web.API) {
	self := access.SelfAccount.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/views", ID: "list-views", Tag: tagSessions, Permission: self, Scope: web.Own,
		Summary: "The views that one keeps of lists", Text: "A view is a list of the portal as one has narrowed, sorted and laid it out, under a name of one's own. Nobody else sees it."}, h.list)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/views", ID: "create-view", Tag: tagSessions, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Keep a view of a list", Text: "At most 30 of each list, each with a name of its own."}, h.create)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/views/{view}", ID: "get-view", Tag: tagSessions, Permission: self, Scope: web.Own,
		Summary: "A view of one's own"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/views/{view}", ID: "replace-view", Tag: tagSessions, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Call a view something else, or let it show something else", Text: "It stays a view of the same list."}, h.replace)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/views/{view}", ID: "delete-view", Tag: tagSessions, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Remove a view"}, h.remove)
}

// ViewBody is what a view is called, and what it shows.
type ViewBody struct {
	Name  string `json:"name" maxLength:"120" example:"Large ones"`
	Shows string `json:"shows" maxLength:"2000" example:"sort=-total&state=placed" doc:"What stands in the address of the list: what narrows it, how it is sorted, which columns it has. Where in the list one is, is not kept."`
}

// NewViewJSON is a view of a list.
type NewViewJSON struct {
	List string `json:"list" enum:"members,purchase-orders,orders,budgets,cost-centres,roles,invitations,audit,queue,companies,deputies,lists"`
	ViewBody
}

// ViewJSON is a view as it is kept.
type ViewJSON struct {
	ID string `json:"id"`
	NewViewJSON
}

func viewOf(v company.SavedView) ViewJSON {
	return ViewJSON{v.ID.String(), NewViewJSON{v.List, ViewBody{v.Name, v.Query}}}
}

type viewsOut struct {
	Body struct {
		Items []ViewJSON `json:"items"`
	}
}

type viewOut struct{ Body ViewJSON }

func viewAnswer(v company.SavedView, err error) (*viewOut, error) {
	if err != nil {
		return nil, renamed(err, "query", "shows")
	}
	return &viewOut{viewOf(v)}, nil
}

func (h views) list(ctx context.Context, in *struct {
	List string `query:"list" enum:"members,purchase-orders,orders,budgets,cost-centres,roles,invitations,audit,queue,companies,deputies,lists" doc:"Only those of this list."`
}) (*viewsOut, error) {
	var all []company.SavedView
	var err error
	if in.List == "" {
		all, err = h.Listing.AllViews(ctx, web.Actor(ctx))
	} else {
		all, err = h.Listing.Views(ctx, web.Actor(ctx), in.List)
	}
	if err != nil {
		return nil, err
	}
	out := &viewsOut{}
	out.Body.Items = items(all, viewOf)
	return out, nil
}

func (h views) create(ctx context.Context, in *struct{ Body NewViewJSON }) (*viewOut, error) {
	return viewAnswer(h.Listing.SaveView(ctx, web.Actor(ctx), company.SavedView{List: in.Body.List, Name: in.Body.Name, Query: in.Body.Shows}))
}

// ViewIn is a view that is named.
type ViewIn struct {
	View string `path:"view"`
}

func (h views) get(ctx context.Context, in *ViewIn) (*viewOut, error) {
	key := called(ctx, "view", in.View, id.ParseSavedView)
	return viewAnswer(h.Listing.View(ctx, web.Actor(ctx), key))
}

func (h views) replace(ctx context.Context, in *struct {
	ViewIn
	Body ViewBody
}) (*viewOut, error) {
	key := called(ctx, "view", in.View, id.ParseSavedView)
	return viewAnswer(h.Listing.ReplaceView(ctx, web.Actor(ctx), company.SavedView{ID: key, Name: in.Body.Name, Query: in.Body.Shows}))
}

func (h views) remove(ctx context.Context, in *ViewIn) (*struct{}, error) {
	key := called(ctx, "view", in.View, id.ParseSavedView)
	_, err := h.Listing.DeleteView(ctx, web.Actor(ctx), key)
	return nil, err
}
