package api

import (
	"context"
	"net/http"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
)

type contacts struct{ Services }

func (h contacts) add(a *web.API) {
	see, edit := access.ContactsView.Code(), access.CompanyEdit.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/contacts", ID: "list-contacts", Tag: tagAddresses, Permission: see, Scope: web.Company,
		Summary: "Whom the seller turns to in the company, by name"}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/contacts/{contact}", ID: "get-contact", Tag: tagAddresses, Permission: see, Scope: web.Company,
		Summary: "A contact"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/contacts", ID: "add-contact", Tag: tagAddresses, Permission: edit, Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Add a contact", Text: "It need not be a member."}, h.create)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/contacts/{contact}", ID: "edit-contact", Tag: tagAddresses, Permission: edit, Scope: web.Company, Writes: true,
		Summary: "Change a contact"}, h.edit)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/contacts/{contact}", ID: "remove-contact", Tag: tagAddresses, Permission: edit, Scope: web.Company, Writes: true,
		Summary: "Remove a contact"}, h.remove)
}

// ContactIn is a contact as it shall be.
type ContactIn struct {
	Name    string `json:"name" maxLength:"120"`
	Purpose string `json:"purpose" maxLength:"120" example:"Accounts payable" doc:"What one turns to them for."`
	Email   string `json:"email,omitempty" maxLength:"254" doc:"This, a phone number, or both."`
	Phone   string `json:"phone,omitempty" maxLength:"40" example:"+49 30 123456"`
}

func (in ContactIn) contact() company.Contact {
	return company.Contact{Name: in.Name, Purpose: in.Purpose, Email: in.Email, Phone: in.Phone}
}

// ContactJSON is whom the seller turns to.
type ContactJSON struct {
	ID string `json:"id"`
	ContactIn
	Version int64 `json:"version"`
}

func contactOf(c company.Contact) ContactJSON {
	return ContactJSON{c.ID.String(), ContactIn{c.Name, c.Purpose, c.Email, c.Phone}, c.Version}
}

type contactsOut struct {
	Body struct {
		Items []ContactJSON `json:"items"`
	}
}

func (h contacts) list(ctx context.Context, _ *struct{}) (*contactsOut, error) {
	all, err := h.Organising.Contacts(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &contactsOut{}
	out.Body.Items = items(all, contactOf)
	return out, nil
}

type contactOut struct {
	ETag string `header:"ETag"`
	Body ContactJSON
}

func contactAnswer(c company.Contact, err error) (*contactOut, error) {
	if err != nil {
		return nil, err
	}
	return &contactOut{web.ETag(c.Version), contactOf(c)}, nil
}

func (h contacts) get(ctx context.Context, in *struct {
	Contact string `path:"contact"`
}) (*contactOut, error) {
	key := called(ctx, "contact", in.Contact, id.ParseContact)
	return contactAnswer(h.Organising.Contact(ctx, web.Actor(ctx), key))
}

func (h contacts) create(ctx context.Context, in *struct{ Body ContactIn }) (*contactOut, error) {
	return contactAnswer(h.Organising.AddContact(ctx, web.Actor(ctx), in.Body.contact()))
}

func (h contacts) edit(ctx context.Context, in *struct {
	web.Versioned
	Contact string `path:"contact"`
	Body    ContactIn
}) (*contactOut, error) {
	key, version := versioned(ctx, "contact", in.Contact, id.ParseContact, in.Versioned)
	c := in.Body.contact()
	c.ID = key
	return contactAnswer(h.Organising.EditContact(ctx, web.Actor(ctx), version, c))
}

func (h contacts) remove(ctx context.Context, in *struct {
	web.Versioned
	Contact string `path:"contact"`
}) (*struct{}, error) {
	key, version := versioned(ctx, "contact", in.Contact, id.ParseContact, in.Versioned)
	return nil, h.Organising.RemoveContact(ctx, web.Actor(ctx), key, version)
}
