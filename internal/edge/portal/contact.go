package portal

import (
	"net/url"

	"kontor/internal/base/id"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
)

// contacts adds the pages of whom the seller turns to.
func (p *Portal) contacts(look looking, act adding) {
	act("/company/contacts", access.CompanyEdit, (*visit).addsContact)
	look("/company/contacts/{contact}", access.ContactsView, "A contact", (*visit).contact)
	act("/company/contacts/{contact}", access.CompanyEdit, (*visit).editsContact)
	act("/company/contacts/{contact}/remove", access.CompanyEdit, (*visit).removesContact)
}

// ContactsCard lists whom the seller turns to, on the page of the company.
type ContactsCard struct {
	T      ui.Translate
	Items  ui.Items
	Adds   bool
	Adding ui.Dialog
	Fields []ui.Field
	Error  string
}

// contactsCard is nil for who sees no contacts.
func (v *visit) contactsCard(a attempt) (*ContactsCard, error) {
	if !v.actor.MaySomewhere(access.ContactsView) {
		return nil, nil
	}
	all, err := v.Organising.Contacts(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	c := &ContactsCard{T: v.T, Adds: v.throughout(access.CompanyEdit), Error: a.rest, Fields: v.contactFields("contact-", company.Contact{}, a)}
	c.Adding = ui.Dialog{Name: "add-contact", Title: v.T("Add a contact"), Text: v.T("Somebody to whom we turn about one thing. They need not be a member."), Open: a.made()}
	c.Items = ui.Items{Label: v.T("Contacts"), Empty: v.askingThroughout(access.CompanyEdit, ui.Empty{Icon: ui.IconPerson, Title: v.T("No contacts yet"), Text: v.T("Say whom we may call about invoices, deliveries or quality.")})}
	for _, x := range all {
		c.Items.Items = append(c.Items.Items, ui.Item{Title: x.Name, Text: joined(" · ", x.Purpose, x.Email, x.Phone), Person: ui.Person{Name: x.Name}, URL: "/company/contacts/" + x.ID.String()})
	}
	return c, nil
}

// contactFields are what can be said of a contact.
func (v *visit) contactFields(prefix string, c company.Contact, a attempt) []ui.Field {
	field := func(f ui.Field) ui.Field {
		if prefix != "" {
			f.ID = prefix + f.Name
		}
		return a.field(f)
	}
	return []ui.Field{
		field(ui.Field{Name: "name", Label: v.T("Name"), Value: c.Name, MaxLength: text.MostName}),
		field(ui.Field{Name: "purpose", Label: v.T("What for"), Value: c.Purpose, MaxLength: text.MostName, Hint: v.T("As in “Accounts payable”.")}),
		field(ui.Field{As: ui.AsEmail, Name: "email", Label: v.T("E-mail address"), Value: c.Email, MaxLength: text.MostEmail, Optional: true}),
		field(ui.Field{As: ui.AsPhone, Name: "phone", Label: v.T("Phone"), Value: c.Phone, MaxLength: text.MostPhone, Optional: true}),
	}
}

// ContactPage shows a contact, to be changed and removed by who may.
type ContactPage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	Manages bool
	Fields  []ui.Field
	Error   string
	Facts   ui.Facts
	Removal ui.Dialog
}

func (v *visit) contact() error {
	key, err := named(v, "contact", id.ParseContact)
	if err != nil {
		return err
	}
	return v.contactPage(key, attempt{})
}

func (v *visit) contactPage(key id.Contact, a attempt) error {
	c, err := v.Organising.Contact(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	p := ContactPage{Frame: v.frame(c.Name, "company"), URL: "/company/contacts/" + key.String(), Version: a.or("version", v.plain(c.Version)), Manages: v.throughout(access.CompanyEdit),
		Error: a.rest, Fields: v.contactFields("", c, a)}
	p.Header = ui.Header{Crumbs: v.companyCrumb(), Title: c.Name, Note: c.Purpose}
	if p.Manages {
		p.Header.Actions = ui.Button{Label: v.T("Remove"), Icon: ui.IconDelete, Kind: ui.Danger, Opens: "remove"}
	}
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("What for"), Text: c.Purpose}, {Label: v.T("E-mail address"), Text: c.Email}, {Label: v.T("Phone"), Text: c.Phone}}}
	p.Removal = ui.Dialog{Name: "remove", Title: v.T("Remove %s", c.Name), Text: v.T("We do not turn to them any more.")}
	return v.answer(a.status(), p.View())
}

func contactSaid(form url.Values) company.Contact {
	return company.Contact{Name: form.Get("name"), Purpose: form.Get("purpose"), Email: form.Get("email"), Phone: form.Get("phone")}
}

func (v *visit) addsContact() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if _, err := v.Organising.AddContact(v.ctx(), v.actor, contactSaid(form)); err != nil {
		return v.again("contact", form, err, v.companyPage)
	}
	return v.goOn("/company", ui.Good, v.T("The contact was added."))
}

func (v *visit) editsContact() error {
	key, form, err := posted(v, "contact", id.ParseContact)
	if err != nil {
		return err
	}
	c := contactSaid(form)
	c.ID = key
	if _, err := v.Organising.EditContact(v.ctx(), v.actor, version(form.Get("version")), c); err != nil {
		return v.again("edit", form, err, func(a attempt) error { return v.contactPage(key, a) })
	}
	return v.goOn("/company", ui.Good, v.T("The contact was saved."))
}

func (v *visit) removesContact() error {
	key, form, err := posted(v, "contact", id.ParseContact)
	if err != nil {
		return err
	}
	if err := v.Organising.RemoveContact(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("remove", form, err, func(a attempt) error { return v.goOn("/company/contacts/"+key.String(), ui.Bad, a.short()) })
	}
	return v.goOn("/company", ui.Good, v.T("The contact was removed."))
}
