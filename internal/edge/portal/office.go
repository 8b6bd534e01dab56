package portal

import (
	"crypto/rand"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/granting"
	"kontor/internal/view"
)

// office adds the pages of deciding and of running a company.
func (p *Portal) office(mux *web.Mux) {
	look := func(pattern string, needs access.Permission, name string, serve func(*visit) error) {
		p.page(mux, "GET "+pattern, web.Meta{Scope: web.Company, Permission: needs.Code(), Name: name}, serve)
	}
	act := func(pattern string, needs access.Permission, serve func(*visit) error) {
		p.page(mux, "POST "+pattern, web.Meta{Scope: web.Company, Permission: needs.Code(), Writes: true}, serve)
	}
	p.approvals(look, act)
	p.homes(look)
	p.searches(look)
	p.structures(look, act)
	p.people(look, act)
	p.invitations(look, act)
	p.imports(mux, look, act)
	p.roles(look, act)
	p.review(look)
	p.separations(look, act)
	p.budgets(look, act)
	p.rules(look, act)
	p.accounts(look, act)
	p.ownAddresses(look, act)
	p.wishes(look, act)
	p.companies(look, act)
	p.addresses(look, act)
	p.contacts(look, act)
	p.deputies(look, act)
	p.audits(look)
	p.webhooks(look, act)
	p.inboxes(look, act)
	p.lists(look, act)
	p.views(act)
	p.sellers(mux)
}

// sellers adds the pages of the seller's office.
func (p *Portal) sellers(mux *web.Mux) {
	look := func(pattern string, needs access.Permission, name string, serve func(*visit) error) {
		p.page(mux, "GET "+pattern, web.Meta{Scope: web.Seller, Permission: needs.Code(), Name: name}, serve)
	}
	act := func(pattern string, needs access.Permission, serve func(*visit) error) {
		p.page(mux, "POST "+pattern, web.Meta{Scope: web.Seller, Permission: needs.Code(), Writes: true}, serve)
	}
	p.customers(look, act)
	p.groups(look, act)
	p.templates(look, act)
}

// looking adds one page that asks for a permission, or shows with it what is not one's own. What it is called is an English
// sentence; what is no page by itself is called nothing.
type looking func(pattern string, needs access.Permission, name string, serve func(*visit) error)

// adding adds one route that asks for a permission.
type adding func(pattern string, needs access.Permission, serve func(*visit) error)

// attempt is a form that came back: what was said in it, and what is wrong with that.
type attempt struct {
	form  string // which of the page's forms it is
	said  url.Values
	wrong map[string]string // by field
	rest  string            // what is wrong with no field
	fault *fault.Fault
	tried *granting.Separation // a rule of separation of duty that was only tried: nothing is wrong with the form
}

// failed makes an attempt of what a use case refused, for the form to come back with; false for what is no matter of the
// form, such as a permission that is missing.
func (v *visit) failed(form string, said url.Values, err error) (attempt, bool) {
	f := fault.Of(err)
	if f == nil {
		return attempt{}, false
	}
	switch f.Kind {
	case fault.Invalid, fault.Conflict, fault.Stale, fault.Refused:
	case fault.Forbidden:
		if slices.Contains([]string{access.ErrForbidden.Code, access.ErrBlocked.Code, access.ErrPending.Code, access.ErrTurnedAway.Code}, f.Code) {
			return attempt{}, false
		}
	default:
		return attempt{}, false
	}
	a := attempt{form: form, said: said, fault: f}
	a.wrong, a.rest = v.errorsOf(err)
	for name := range a.wrong {
		if typed := said.Get(name + "_said"); typed != "" && typed == said.Get(name) {
			a.wrong[name] = v.notOne()
		}
	}
	return a, true
}

// again shows the page anew with what a use case refused of a form; what is no matter of the form stays an error. The page
// of no attempt is what stands there now. What failed because it was done before leads to where it led then.
func (v *visit) again(form string, said url.Values, err error, page func(attempt) error) error {
	switch to, found, known := v.before(); {
	case known != nil:
		err = known
	case found:
		return v.goOn(to.To, to.Tone, to.Said)
	}
	a, ok := v.failed(form, said, err)
	switch {
	case !ok:
		return err
	case a.fault.Kind == fault.Stale && said != nil:
		return v.overtaken(a, page)
	}
	return page(a)
}

// of is the attempt if it was made with that form.
func (a attempt) of(form string) attempt {
	if a.form != form {
		return attempt{}
	}
	return a
}

// made reports whether there was one.
func (a attempt) made() bool { return a.form != "" }

// or is what was typed into a field, or what the field holds otherwise.
func (a attempt) or(field, otherwise string) string {
	if a.said == nil {
		return otherwise
	}
	return a.said.Get(field)
}

// ticked is whether a checkbox was ticked, or is otherwise.
func (a attempt) ticked(field string, otherwise bool) bool {
	if a.said == nil {
		return otherwise
	}
	return a.said.Has(field)
}

// below is what is wrong with anything inside of a part of the input.
func (a attempt) below(part string) string {
	for _, name := range slices.Sorted(maps.Keys(a.wrong)) {
		if strings.HasPrefix(name, part) {
			return a.wrong[name]
		}
	}
	return ""
}

// short is all that is wrong, in one line.
func (a attempt) short() string {
	all := []string{a.rest}
	for _, name := range slices.Sorted(maps.Keys(a.wrong)) {
		all = append(all, a.wrong[name])
	}
	return joined(" ", all...)
}

// status is that of the answer with the form that came back.
func (a attempt) status() int {
	switch {
	case !a.made():
		return http.StatusOK
	case a.fault != nil && (a.fault.Kind == fault.Conflict || a.fault.Kind == fault.Stale):
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// field fills in what came back of a form: the field keeps what was typed, and says what is wrong with it. The sentences
// of other fields may be shown at this one.
func (a attempt) field(f ui.Field, also ...string) ui.Field {
	f.Value = a.or(f.Name, f.Value)
	for _, name := range append([]string{f.Name}, also...) {
		if f.Error == "" {
			f.Error = a.wrong[name]
		}
	}
	return f
}

// fresh is a new idempotency key, to be sent with a form.
func fresh() string { return rand.Text() }

// plain is a number as a hidden field sends it.
func (v *visit) plain(n int64) string { return strconv.FormatInt(n, 10) }

// query is a value of the address.
func (v *visit) query(name string) string {
	q := v.r.URL.Query()
	if q.Has(name + "_said") {
		if err := v.find(q); err != nil {
			v.log.WarnContext(v.ctx(), "what was typed to be found was not looked for", "err", err)
		}
		if q.Get(name) == q.Get(name+"_said") {
			v.refuse(name)
			return "" // it names nobody, or more than one
		}
	}
	return strings.TrimSpace(q.Get(name))
}

// chip is a filter that holds; the link lifts it.
func (v *visit) chip(label, field string) ui.Chip {
	return ui.Chip{Label: label, URL: v.here(field, "")}
}

// picked reads an identifier that was chosen from a list; none is the zero one.
func picked[K any](text string, parse func(string) (K, error)) (K, error) {
	if text == "" {
		var none K
		return none, nil
	}
	return parse(text)
}

// units are the units that the reader may see, to choose from, deeper ones moved in; with what is chosen already.
func (v *visit) units(first string, chosen ...string) ([]ui.Option, error) {
	return v.choices(first, view.NodeFilter{Kind: company.UnitNode}, chosen...)
}

// deciders are the members that the reader may see, to choose from; with who is chosen already.
func (v *visit) deciders(first string, chosen ...string) ([]ui.Option, error) {
	return v.choices(first, view.NodeFilter{Kind: company.MemberNode}, chosen...)
}

// choices are what the reader may see of the structure, to choose from, behind what stands for none.
func (v *visit) choices(first string, f view.NodeFilter, chosen ...string) ([]ui.Option, error) {
	options := []ui.Option{{Label: first}}
	if !v.actor.MaySomewhere(access.UsersView) {
		return options, nil
	}
	nodes, err := v.nodes(f, chosen...)
	for _, n := range nodes {
		options = append(options, ui.Option{Value: nodeKey(n), Label: nodeLabel(n)})
	}
	return options, err
}

// nodes are what the reader may see of the structure, to choose from. Where that is more than a list is made of, its field finds
// by what is typed: then it is as much as the field needs to do so, with what is chosen already and what the request names, so
// that both are shown by their names.
func (v *visit) nodes(f view.NodeFilter, chosen ...string) ([]view.Node, error) {
	nodes, err := v.Organising.Choices(v.ctx(), v.actor, f, ui.ManyOptions+1)
	if err != nil || len(nodes) <= ui.ManyOptions {
		return nodes, err
	}
	there := map[string]bool{}
	for _, n := range nodes {
		there[nodeKey(n)] = true
	}
	for _, said := range []url.Values{v.r.URL.Query(), v.r.PostForm} {
		for _, name := range slices.Sorted(maps.Keys(said)) {
			chosen = append(chosen, said[name]...)
		}
	}
	for _, key := range chosen {
		if n, err := parseNode(key); err == nil && !n.IsZero() && !there[key] && len(f.Keys) < mostChosen {
			there[key], f.Keys = true, append(f.Keys, n)
		}
	}
	if len(f.Keys) == 0 {
		return nodes, nil
	}
	more, err := v.Organising.FindNodes(v.ctx(), v.actor, f, len(f.Keys))
	return append(nodes, more...), err
}

// mostChosen is of how many chosen at once the names are looked up.
const mostChosen = 1000

// indent moves an option of a list in, below the one that it belongs to.
func indent(depth int) string { return strings.Repeat("\u2003", min(depth, 8)) }

// labelOf is the label of an option by its value.
func labelOf(options []ui.Option, value string) string {
	for _, o := range options {
		if o.Value == value && value != "" {
			return strings.TrimLeft(o.Label, "\u2003")
		}
	}
	return ""
}

// rolesToGive are the company's roles, to choose from.
func (v *visit) rolesToGive(first string) ([]ui.Option, error) {
	options := []ui.Option{{Value: "", Label: first}}
	if !v.actor.MaySomewhere(access.RolesView) {
		return options, nil
	}
	all, err := v.Granting.RolesToName(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		options = append(options, ui.Option{Value: r.ID.String(), Label: r.Name})
	}
	return options, nil
}

// memberURL is the page of a member, for a reader who may look at people.
func (v *visit) memberURL(key id.Member) string {
	if key.IsZero() || !v.actor.MaySomewhere(access.UsersView) {
		return ""
	}
	return "/members/" + key.String()
}
