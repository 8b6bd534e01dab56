package portal

import (
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
	"kontor/internal/view"
)

// frame is the frame of a page: title is the page's, entry the place in the rail that it belongs to.
func (v *visit) frame(title, entry string) ui.Frame {
	around, companies, err := v.Signing.Around(v.ctx(), v.actor)
	if err != nil {
		v.log.WarnContext(v.ctx(), "the frame of a page is bare", "err", err) // the page itself is still worth showing
	}
	f := ui.Frame{
		T: v.T, Lang: v.l.String(), Theme: ui.ThemeOf(v.r), Title: title, Seller: v.seller, Accent: v.brand.Accent, LogoURL: v.brand.Logo.URL(), HomeURL: "/",
		Find:    ui.Finder{Action: "/search", Label: v.T("Search products, orders, people and pages"), Ask: "/search?part=found"},
		Toasts:  v.toasts(),
		LiveURL: "/live",
		Me: ui.PersonMenu{Person: ui.Person{Name: v.actor.Name, Title: around.Title}, Label: v.T("Your menu"), SignOut: "/sign-out",
			Items: []ui.MenuItem{{Label: v.T("Your account"), Icon: ui.IconPerson, URL: "/account"}}},
		Inbox: ui.InboxLink{URL: "/inbox", Label: v.T("Inbox"), Count: int(around.Unread)},
	}
	f.Company = ui.Switcher{Name: around.Company, Note: seat(around.Unit, v.roles()), Action: "/company/switch", Label: v.T("Switch company")}
	for _, c := range companies {
		f.Company.Places = append(f.Company.Places, ui.Place{Value: c.Company.String(), Name: c.CompanyName, Note: seat(c.UnitName, c.Roles), Current: c.Company == v.actor.Company})
	}
	if v.actor.MaySomewhere(access.CartsManage) {
		f.Cart = v.cartLink(around)
	}
	if v.actor.Realm == access.Staff {
		f.Face, f.Find.Label, f.RailLabel = v.T("Office"), v.T("Search companies, people and pages"), v.T("Office")
	}
	if v.actor.Acting() {
		f.Me.Person.Title = v.T("for %s", around.Name)
		f.Banners = append(f.Banners, ui.Banner{Tone: ui.Warn, Text: v.T("You act for %s of %s. Their audit names you in all that you do; yours says from when to when.", around.Name, around.Company),
			Action: stopping{ui.Button{Label: v.T("Back to the office"), Icon: ui.IconReturned, Small: true}}})
	}
	if b := v.regimeBanner(around); b.Text != "" {
		f.Banners = append(f.Banners, b)
	}
	f.Banners = append(f.Banners, v.dutyBanners(around.Duties)...)
	f.Banners = append(f.Banners, v.refusals()...)
	if v.kept != nil {
		f.Banners = append(f.Banners, ui.Banner{Tone: ui.Warn, Text: v.T("You have signed in again. What you had typed is in its form; nothing of it has been sent.")})
	}
	if v.actor.Realm == access.Staff {
		f.Entries = v.officeEntries(entry)
	} else {
		f.Entries = v.entries(around, entry)
	}
	return f
}

// seat is where and as what one is in a company, in one line.
func seat(unit string, roles []string) string {
	return joined(" · ", append([]string{unit}, roles...)...)
}

// roles are what the reader is here.
func (v *visit) roles() (names []string) {
	for _, r := range v.actor.Roles() {
		names = append(names, r.Name)
	}
	return names
}

// regimeBanner says what the seller does not leave to the reader's company.
func (v *visit) regimeBanner(around view.Around) ui.Banner {
	switch {
	case v.actor.Regime == access.Looking:
		return ui.Banner{Tone: ui.Bad, Text: v.T("Your company is blocked at the moment: you can look and download, and nothing else.")}
	case v.actor.Regime.Waits() && v.actor.MaySomewhere(access.CatalogView):
		return ui.Banner{Tone: ui.Info, Text: v.T("%s has not decided on your company yet. Until then you can look around, but not order.", v.seller)}
	case v.actor.Regime.Waits():
		return ui.Banner{Tone: ui.Info, Text: v.T("%s has not decided on your company yet.", v.seller)}
	case v.actor.Regime == access.Amending && v.r.URL.Path == "/company": // the page says it itself
	case v.actor.Regime == access.Amending:
		b := ui.Banner{Tone: ui.Bad, Text: v.T("%s has not admitted your company: %s", v.seller, around.Reason)}
		if v.throughout(access.CompanyEdit) {
			b.Action = ui.LinkButton{Label: v.T("Amend and submit again"), URL: "/company", Small: true}
		}
		return b
	}
	return ui.Banner{}
}

// entries are the rail: by job, and only what the reader may do.
func (v *visit) entries(around view.Around, current string) []ui.Entry {
	may := v.actor.MaySomewhere
	r := rail{current: current}
	add := r.add
	add(true, ui.Entry{Name: "home", Label: v.T("Home"), URL: "/", Icon: ui.IconHome, Key: "h"})
	add(may(access.CatalogView), ui.Entry{Name: "shop", Label: v.T("Shop"), URL: "/shop", Icon: ui.IconShop, Key: "s"})
	add(may(access.ListsView), ui.Entry{Name: "lists", Label: v.T("Lists"), URL: "/lists", Icon: ui.IconLists, Key: "l"})
	approves := may(access.PurchaseOrdersApprove)
	approvals := ui.Entry{Name: "approvals", Label: v.T("Approvals"), URL: "/approvals", Icon: ui.IconApprovals, Count: int(around.Approvals), Key: "a"}
	add(approves, approvals)
	add(may(access.OrdersView) || may(access.PurchaseOrdersView), ui.Entry{Name: "orders", Label: v.T("Orders"), URL: v.firstOf(choice{may(access.PurchaseOrdersView), "", "/purchase-orders"}, choice{true, "", "/orders"}), Icon: ui.IconOrders, Key: "o",
		Below: v.links(
			choice{may(access.PurchaseOrdersView), v.T("Purchase orders"), "/purchase-orders"},
			choice{may(access.OrdersView), v.T("Placed orders"), "/orders"})})
	spend := v.links(choice{may(access.BudgetsView), v.T("Budgets"), "/budgets"}, choice{may(access.CostCentresView), v.T("Cost centres"), "/cost-centres"})
	if len(spend) > 0 {
		add(true, ui.Entry{Name: "spend", Label: v.T("Spend"), URL: spend[0].URL, Icon: ui.IconSpend, Below: spend})
	}
	add(may(access.UsersView) || may(access.RolesView) || may(access.ApprovalRulesView) || v.throughout(access.WebhooksManage) || v.throughout(access.AuditView) || may(access.CompanyView),
		ui.Entry{Name: "company", Label: v.T("Company"), URL: v.firstOf(choice{may(access.CompanyView), "", "/company"}, choice{may(access.UsersView), "", "/structure"},
			choice{may(access.RolesView), "", "/roles"}, choice{may(access.ApprovalRulesView), "", "/rules"}, choice{v.throughout(access.WebhooksManage), "", "/webhooks"}, choice{true, "", "/audit"}), Icon: ui.IconCompany, Below: v.links(
			choice{may(access.UsersView), v.T("Structure"), "/structure"},
			choice{may(access.UsersView), v.T("Members"), "/members"},
			choice{may(access.RolesView), v.T("Roles"), "/roles"},
			choice{may(access.ApprovalRulesView), v.T("Approval rules"), "/rules"},
			choice{may(access.DeputiesManage), v.T("Deputies"), "/deputies"},
			choice{v.throughout(access.WebhooksManage), v.T("Webhooks"), "/webhooks"},
			choice{v.throughout(access.AuditView), v.T("Audit"), "/audit"})})
	return r.entries
}

// officeEntries are the rail of the seller's staff.
func (v *visit) officeEntries(current string) []ui.Entry {
	may := v.actor.MaySomewhere
	r := rail{current: current}
	add := r.add
	add(true, ui.Entry{Name: "home", Label: v.T("Home"), URL: "/", Icon: ui.IconHome, Key: "h"})
	add(v.throughout(access.CompaniesView), ui.Entry{Name: "customers", Label: v.T("Companies"), URL: "/companies", Icon: ui.IconCompany, Key: "c", Below: v.links(
		choice{true, v.T("Companies"), "/companies"},
		choice{true, v.T("Customer groups"), "/customer-groups"},
		choice{true, v.T("Role templates"), "/role-templates"})})
	add(may(access.UsersView) || may(access.RolesView) || v.throughout(access.AuditView) || may(access.CompanyView), ui.Entry{Name: "company", Label: v.T("Staff"), URL: v.firstOf(
		choice{may(access.UsersView), "", "/members"}, choice{may(access.RolesView), "", "/roles"}, choice{v.throughout(access.AuditView), "", "/audit"}, choice{true, "", "/company"}),
		Icon: ui.IconPeople, Below: v.links(
			choice{may(access.UsersView), v.T("Members"), "/members"},
			choice{may(access.UsersView), v.T("Structure"), "/structure"},
			choice{may(access.RolesView), v.T("Roles"), "/roles"},
			choice{v.throughout(access.WebhooksManage), v.T("Webhooks"), "/webhooks"},
			choice{v.throughout(access.AuditView), v.T("Audit"), "/audit"},
			choice{may(access.CompanyView), v.T("Settings"), "/company"})})
	return r.entries
}

// rail gathers entries, of which one is where the reader is.
type rail struct {
	current string
	entries []ui.Entry
}

func (r *rail) add(when bool, e ui.Entry) {
	if when {
		e.Current = e.Name == r.current
		r.entries = append(r.entries, e)
	}
}

// firstOf is the address of the first choice that there is.
func (v *visit) firstOf(all ...choice) string {
	for _, c := range all {
		if c.may {
			return c.url
		}
	}
	return "/"
}

// stopping is the way back of one of the staff who acts for a customer.
type stopping struct{ button ui.Button }

type choice struct {
	may   bool
	label string
	url   string
}

// links are the choices below an entry of the rail.
func (v *visit) links(all ...choice) []ui.Link {
	var links []ui.Link
	for _, c := range all {
		if c.may {
			links = append(links, ui.Link{Label: c.label, URL: c.url, Current: v.r.URL.Path == c.url})
		}
	}
	return links
}
