package portal

import (
	"net/url"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/granting"
	"kontor/internal/view"
)

// templates adds the pages of the roles that the seller offers to companies.
func (p *Portal) templates(look looking, act adding) {
	look("/role-templates", access.CompaniesView, "Role templates", (*visit).templateList)
	look("/role-templates/new", access.CompaniesManage, "New role template", (*visit).newTemplate)
	act("/role-templates", access.CompaniesManage, (*visit).createsTemplate)
	look("/role-templates/{template}", access.CompaniesView, "A role template", (*visit).template)
	act("/role-templates/{template}", access.CompaniesManage, (*visit).editsTemplate)
	act("/role-templates/{template}/delete", access.CompaniesManage, (*visit).deletesTemplate)
}

// TemplatesPage lists role templates.
type TemplatesPage struct {
	ui.Frame
	Header ui.Header
	Table  ui.Table
}

func (v *visit) templateList() error {
	if err := v.actor.Require(access.CompaniesView, tree.Top); err != nil {
		return err // companies see templates where they make a role
	}
	all, err := v.Granting.ListTemplates(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p := TemplatesPage{Frame: v.frame(v.T("Role templates"), "customers")}
	p.Header = ui.Header{Title: v.T("Role templates"), Note: v.T("Roles that you offer to companies. They make roles of their own of them; what you change here later leaves those as they are.")}
	if v.throughout(access.CompaniesManage) {
		p.Header.Actions = ui.LinkButton{Label: v.T("New role template"), URL: "/role-templates/new", Icon: ui.IconPlus, Kind: ui.Primary}
	}
	p.Table = ui.Table{Name: "templates", Caption: v.T("Role templates"), Columns: []ui.Column{{Label: v.T("Role template")}, {Label: v.T("Permissions"), Numeric: true}, {Label: v.T("Marks"), LabelHidden: true}},
		Empty: v.askingThroughout(access.CompaniesManage, ui.Empty{Icon: ui.IconRole, Title: v.T("No role templates yet"), Text: v.T("Every company begins with the shipped roles. Here you offer it more.")})}
	for _, t := range all {
		var marks ui.All
		if t.Starts {
			marks = append(marks, ui.Badge{Label: v.T("In every new company"), Tone: ui.Info, Plain: true})
		}
		p.Table.Rows = append(p.Table.Rows, ui.Row{URL: "/role-templates/" + t.ID.String(), Cells: []templ.Component{ui.Named{Name: t.Name, Note: t.Description}, ui.Text(v.l.Int(int64(t.Set.Len()))), marks}})
	}
	return v.show(p.View())
}

// TemplatePage shows a role template, to be changed by who may.
type TemplatePage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	Error   string
	Flaw    string // what is wrong with the set
	Name    ui.Field
	About   ui.Field
	Starts  ui.Check
	Tree    ui.PermissionTree
	Edits   bool
	Delete  ui.Dialog
}

func (v *visit) newTemplate() error {
	if err := v.actor.Require(access.CompaniesManage, tree.Top); err != nil {
		return err
	}
	return v.templatePage(access.Template{}, attempt{})
}

func (v *visit) template() error {
	key, err := named(v, "template", id.ParseRoleTemplate)
	if err != nil {
		return err
	}
	return v.templateAgain(key, attempt{})
}

func (v *visit) templateAgain(key id.RoleTemplate, a attempt) error {
	if err := v.actor.Require(access.CompaniesView, tree.Top); err != nil {
		return err
	}
	t, err := v.Granting.GetTemplate(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	return v.templatePage(t, a)
}

func (v *visit) templatePage(t access.Template, a attempt) error {
	fresh := t.ID.IsZero()
	title, to := v.T("New role template"), "/role-templates"
	if !fresh {
		title, to = t.Name, to+"/"+t.ID.String()
	}
	p := TemplatePage{Frame: v.frame(title, "customers"), URL: to, Version: a.or("version", v.plain(t.Version)), Error: a.rest, Flaw: a.wrong["permissions"], Edits: v.throughout(access.CompaniesManage)}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Role templates"), URL: "/role-templates"}}, Title: title, Note: t.Description}
	p.Name = a.field(ui.Field{Name: "name", Label: v.T("Name"), Value: t.Name, MaxLength: access.NameLength})
	p.About = a.field(ui.Field{Name: "description", Label: v.T("What it is for"), Value: t.Description, MaxLength: access.DescriptionLength, Optional: true})
	p.Starts = ui.Check{Name: "starts", Label: v.T("Every new company begins with a role made of it"), Checked: a.ticked("starts", t.Starts)}
	ticked := t.Set
	if a.made() && a.form != "delete" {
		ticked = access.Known(a.said["permission"])
	}
	p.Tree = v.permissionsOf(access.Buyer, view.Role{Role: access.Role{Set: t.Set}}, ticked, fresh)
	p.Tree.ReadOnly = !p.Edits
	if p.Edits && !fresh {
		p.Header.Actions = ui.Button{Label: v.T("Delete"), Icon: ui.IconDelete, Opens: "delete", Kind: ui.Quiet}
		p.Delete = ui.Dialog{Name: "delete", Title: v.T("Delete %s", t.Name), Text: v.T("It is offered no more. Roles that companies have made of it stay.")}
	}
	return v.answer(a.status(), p.View())
}

func templateSaid(form url.Values) (access.TemplateFields, error) {
	set, err := access.ParseSet(access.Buyer, form["permission"])
	return access.TemplateFields{Name: form.Get("name"), Description: form.Get("description"), Permissions: set, Starts: form.Has("starts")}, err
}

func (v *visit) createsTemplate() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	f, err := templateSaid(form)
	if err == nil {
		_, err = v.Granting.CreateTemplate(v.ctx(), v.actor, f)
	}
	if err != nil {
		return v.again("create", form, err, func(a attempt) error { return v.templatePage(access.Template{}, a) })
	}
	return v.goOn("/role-templates", ui.Good, v.T("The role template was added."))
}

func (v *visit) editsTemplate() error {
	key, form, err := posted(v, "template", id.ParseRoleTemplate)
	if err != nil {
		return err
	}
	f, err := templateSaid(form)
	if err == nil {
		_, err = v.Granting.EditTemplate(v.ctx(), v.actor, granting.EditTemplateInput{ID: key, Version: version(form.Get("version")), TemplateFields: f})
	}
	if err != nil {
		return v.again("edit", form, err, func(a attempt) error { return v.templateAgain(key, a) })
	}
	return v.goOn("/role-templates/"+key.String(), ui.Good, v.T("The role template was saved. Roles that were made of it stay as they are."))
}

func (v *visit) deletesTemplate() error {
	key, form, err := posted(v, "template", id.ParseRoleTemplate)
	if err != nil {
		return err
	}
	if err := v.Granting.DeleteTemplate(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("delete", nil, err, func(a attempt) error { return v.templateAgain(key, a) })
	}
	return v.goOn("/role-templates", ui.Good, v.T("The role template was deleted."))
}
