package matrix

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
)

// hire puts people around Pat.
func (w *World) hire(ctx context.Context) error {
	shop, err := w.Organising.CreateUnit(ctx, w.Dan, organising.CreateUnitInput{Code: "shop", Name: "Workshop", Under: company.Node{Kind: company.UnitNode, Unit: w.Units["ops"]}})
	if err != nil {
		return err
	}
	w.Units["shop"] = shop.ID
	under := func(u string) company.Node { return company.Node{Kind: company.UnitNode, Unit: w.Units[u]} }
	add := func(name, first, last string, below company.Node) error {
		m, err := w.Organising.AddMember(ctx, w.Dan, organising.AddMemberInput{Email: name + "@acme.example", First: first, Last: last, Role: w.Roles["buyer"], Under: below})
		w.Members[name] = m.ID
		return err
	}
	if err := add("pat", "Pat", "Porter", under("ops")); err != nil {
		return err
	}
	if err := add("sue", "Sue", "Summers", company.Node{Kind: company.MemberNode, Member: w.Members["pat"]}); err != nil {
		return err
	}
	if err := add("tom", "Tom", "Taylor", under("fin")); err != nil {
		return err
	}
	if err := add("ida", "Ida", "Idle", under("fin")); err != nil {
		return err
	}
	gus, err := w.Organising.AddMember(ctx, w.Eve, organising.AddMemberInput{Email: "gus@globex.example", First: "Gus", Last: "Gray", Role: w.GlobexRoles["buyer"],
		Under: company.Node{Kind: company.UnitNode, Unit: w.GlobexUnits["globex"]}})
	if err != nil {
		return err
	}
	w.Members["gus"] = gus.ID
	for name, a := range map[string]access.Actor{"ann": w.Ann, "bob": w.Bob, "cleo": w.Cleo, "dan": w.Dan, "eve": w.Eve} {
		w.Members[name] = a.Member
	}
	w.buyers = map[string]actorAt{"ann": {w.Ann, w.Units["ops"]}, "eve": {w.Eve, w.GlobexUnits["globex"]}}
	for name, unit := range map[string]string{"pat": "ops", "sue": "ops", "tom": "fin"} {
		a, err := w.Actor(ctx, w.Acme, w.Members[name])
		if err != nil {
			return err
		}
		w.buyers[name] = actorAt{a, w.Units[unit]}
	}
	return w.Organising.Leave(ctx, w.Dan, organising.LeaveInput{ID: w.Members["ida"], Version: 1})
}

// unit is a unit as a form sends it; empty for none.
func unit(u id.Unit) string {
	if u.IsZero() {
		return ""
	}
	return u.String()
}

// organise notes the members and units.
func (w *World) organise(ctx context.Context) error {
	now := w.DB.Times()
	for _, name := range []string{"ops", "shop", "fin", "acme", "globex"} {
		w.put("unit", name, w.unit(name), w.at(name))
	}
	w.gone("unit", "missing", id.NewUnit(now))
	for _, name := range []string{"pat", "sue", "ann", "tom", "eve"} {
		w.put("member", name, w.Members[name], w.owned(name, name))
	}
	w.put("member", "acme", w.Members["ida"], func(x *Thing) { x.Relation = "who has left" })
	w.gone("member", "missing", id.NewMember(now))
	return w.invite(ctx)
}

// invite makes invitations to stand below units, and notes them.
func (w *World) invite(ctx context.Context) error {
	for _, x := range []struct {
		unit string
		boss access.Actor
		key  id.Unit
	}{{"ops", w.Dan, w.Units["ops"]}, {"shop", w.Dan, w.Units["shop"]}, {"fin", w.Dan, w.Units["fin"]}, {"acme", w.Dan, w.Units["acme"]}, {"globex", w.Eve, w.GlobexUnits["globex"]}} {
		made, err := w.Organising.Invite(ctx, x.boss, organising.InviteInput{People: []organising.Guest{{Email: x.unit + "@guests.example", Under: company.Node{Unit: x.key}}}})
		if err != nil {
			return err
		}
		w.put("invitation", x.unit, made[0], w.at(x.unit))
	}
	w.gone("invitation", "missing", id.NewInvitation(w.DB.Times()))
	return nil
}

// grant makes roles, and gives them.
func (w *World) grant(ctx context.Context) error {
	now := w.DB.Times()
	spare := func(name string) (id.Role, error) {
		r, err := w.Granting.CreateRole(ctx, w.Dan, granting.CreateRoleInput{Name: name, Permissions: access.SetOf(access.CatalogView)})
		return r.ID, err
	}
	role, err := spare("Spare")
	if err != nil {
		return err
	}
	old, err := spare("Old")
	if err != nil {
		return err
	}
	if err := w.Granting.DeleteRole(ctx, w.Dan, old, 1); err != nil {
		return err
	}
	w.put("role", "acme", role)
	w.put("role", "globex", w.GlobexRoles["observer"])
	w.gone("role", "deleted", old)
	w.gone("role", "missing", id.NewRole(now))

	if err := w.separate(ctx); err != nil {
		return err
	}
	for name, at := range map[string]string{"pat": "ops", "sue": "ops", "ann": "ops", "tom": "fin"} {
		a, err := w.Granting.Assign(ctx, w.Dan, granting.AssignInput{Member: w.Members[name], Role: role, Unit: w.Units[at]})
		if err != nil {
			return err
		}
		w.put("assignment", name, a.ID, w.owned(name, at), with("member", w.Members[name].String()), func(x *Thing) { x.SeenAt = w.places[name] })
	}
	taken, err := w.Granting.Assign(ctx, w.Dan, granting.AssignInput{Member: w.Members["tom"], Role: role, Unit: w.Units["shop"]})
	if err != nil {
		return err
	}
	if err := w.Granting.Revoke(ctx, w.Dan, taken.ID); err != nil {
		return err
	}
	eves, err := w.Granting.Held(ctx, w.Eve, w.Eve.Member)
	if err != nil {
		return err
	}
	w.put("assignment", "eve", eves[0].ID, w.owned("eve", ""), with("member", w.Eve.Member.String()), func(x *Thing) { x.SeenAt = w.places["eve"] })
	w.gone("assignment", "deleted", taken.ID, with("member", w.Members["tom"].String()))
	w.gone("assignment", "missing", id.NewAssignment(now), with("member", w.Members["tom"].String()))
	return nil
}

// separate makes rules of separation of duty, which are off.
func (w *World) separate(ctx context.Context) error {
	f := access.SeparationFields{Name: "Apart", Permissions: access.SetOf(access.CatalogView, access.OrdersView), Cardinality: 2}
	for whose, by := range map[string]access.Actor{"acme": w.Dan, "globex": w.Eve} {
		s, err := w.Granting.CreateSeparation(ctx, by, f)
		if err != nil {
			return err
		}
		w.put("separation", whose, s.ID)
	}
	f.Name = "Gone"
	gone, err := w.Granting.CreateSeparation(ctx, w.Dan, f)
	if err != nil {
		return err
	}
	w.gone("separation", "deleted", gone.ID)
	w.gone("separation", "missing", id.NewSeparation(w.DB.Times()))
	return w.Granting.DeleteSeparation(ctx, w.Dan, gone.ID, 1)
}

// hook makes webhooks, with a delivery each.
func (w *World) hook(ctx context.Context) error {
	now := w.DB.Times()
	hang := func(boss access.Actor, name string) (exchanging.CreatedWebhook, error) {
		return w.Exchanging.CreateWebhook(ctx, boss, exchanging.CreateWebhookInput{Name: name, URL: "http://127.0.0.1:9/", Filters: []string{"webhook.*"}})
	}
	hooks := map[string]id.Webhook{}
	for name, boss := range map[string]access.Actor{"acme": w.Dan, "globex": w.Eve} {
		made, err := hang(boss, "ERP")
		if err != nil {
			return err
		}
		if err := w.Exchanging.TestWebhook(ctx, boss, made.ID); err != nil {
			return err
		}
		hooks[name] = made.ID
		w.put("webhook", name, made.ID)
	}
	for more := 1; more > 0; {
		var err error
		if more, err = w.Exchanging.Relay(ctx, access.System(id.Company{}), []exchanging.On{{Event: "webhook.pinged", Do: w.Exchanging.React}}); err != nil {
			return err
		}
	}
	for name, boss := range map[string]access.Actor{"acme": w.Dan, "globex": w.Eve} {
		list, err := w.Exchanging.ListDeliveries(ctx, boss, exchanging.ListDeliveriesInput{Webhook: hooks[name]})
		if err != nil {
			return err
		}
		w.put("delivery", name, list.Rows[0].ID, with("webhook", hooks[name].String()))
	}
	old, err := hang(w.Dan, "Old")
	if err != nil {
		return err
	}
	w.gone("webhook", "deleted", old.ID)
	w.gone("webhook", "missing", id.NewWebhook(now))
	w.gone("delivery", "missing", id.NewDelivery(now), with("webhook", hooks["acme"].String()))
	w.gone("delivery", "missing with its webhook", id.NewDelivery(now), with("webhook", id.NewWebhook(now).String()))
	return w.Exchanging.DeleteWebhook(ctx, w.Dan, old.ID, old.Version)
}

// file is what is kept of a file that says nothing new.
func file() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(`{"type":"csv","sheets":[{"name":"units","rows":[{"n":1,"c":["code"]}]}]}`))
	if err = errors.Join(err, z.Close()); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// keep gives people sessions and notices.
func (w *World) keep(ctx context.Context) error {
	for _, name := range []string{"pat", "sue", "ann", "tom", "eve"} {
		key, whose := w.Acme, name
		if name == "eve" {
			key = w.Globex
		}
		err := w.DB.Write(ctx, access.System(key), func(tx *store.Tx, _ access.Actor) error {
			m, err := tx.Companies.GetMember(ctx, key, w.Members[name])
			if err != nil {
				return err
			}
			session := func() identity.Session {
				s := identity.Session{ID: id.NewSession(tx.Now), Account: m.Account, Company: key, Member: m.ID, Device: "a browser", CreatedAt: tx.Now, SeenAt: tx.Now, EndsAt: tx.Now.Add(time.Hour)}
				tx.Accounts.InsertSession(s, s.ID.String())
				return s
			}
			s := session()
			w.put("session", whose, s.ID, w.owned(name, name))
			if name == "pat" {
				w.Session = session().ID
			}
			n := notice.Notice{ID: id.NewNotice(tx.Now), Company: key, Member: m.ID, Event: notice.Event("order.placed"), Title: locale.Verbatim("A notice"), CreatedAt: tx.Now}
			tx.Notices.Insert(n)
			w.put("notice", whose, n.ID, w.owned(name, name))
			i := exchange.Import{ID: id.NewImport(tx.Now), Company: key, Member: m.ID, Name: "units.csv", State: exchange.ImportStaged, Mapping: []exchange.Mapped{{Sheet: "units", Kind: "units", Columns: []string{"code"}}},
				Counts: []exchange.ImportCount{}, MadeAt: tx.Now, EndsAt: tx.Now.Add(time.Hour), Version: 1}
			tx.Exchange.InsertImport(i, file())
			w.put("import", whose, i.ID, w.owned(name, name), func(x *Thing) { x.At = "" }) // whoever manages people everywhere sees it, too
			a := company.Address{ID: id.NewAddress(tx.Now), Label: "Home", Name: "Home", Street: "Lane 1", City: "Berlin", Country: "DE"}.Private(m.ID)
			tx.Companies.InsertAddress(key, a)
			w.put("own address", whose, a.ID, w.owned(name, name))
			by := w.Members["tom"] // who asks nothing, and so sees none of them as the deputy
			switch name {
			case "tom":
				by = w.Members["sue"]
			case "eve":
				by = w.Members["gus"]
			}
			d := approval.Appointment{ID: id.NewDeputy(tx.Now), Company: key, For: m.ID, By: by, Maker: m.ID, From: tx.Now.AddDate(0, 0, 1), Until: tx.Now.AddDate(0, 0, 2), MadeAt: tx.Now}
			tx.Approvals.InsertAppointment(d)
			w.put("deputy", whose, d.ID, w.owned(name, name))
			v := company.SavedView{ID: id.NewSavedView(tx.Now), List: "members", Name: "Mine"}
			tx.Companies.InsertSavedView(key, m.ID, v)
			w.put("view", whose, v.ID, w.owned(name, name))
			return nil
		})
		if err != nil {
			return err
		}
	}
	now := w.DB.Times()
	w.gone("session", "missing", id.NewSession(now))
	w.gone("notice", "missing", id.NewNotice(now))
	w.gone("own address", "missing", id.NewAddress(now))
	w.gone("view", "missing", id.NewSavedView(now))
	w.gone("deputy", "missing", id.NewDeputy(now))
	w.put("company", "acme", w.Acme)
	w.put("company", "globex", w.Globex)
	w.gone("company", "missing", id.NewCompany(now))
	for whose, by := range map[string]access.Actor{"acme": w.Dan, "globex": w.Eve} {
		c, err := w.Organising.AddContact(ctx, by, company.Contact{Name: "A contact", Purpose: "Bills", Phone: "12345"})
		if err != nil {
			return err
		}
		w.put("contact", whose, c.ID)
	}
	w.gone("contact", "missing", id.NewContact(now))
	w.put("address", "acme", w.Address)
	w.put("address", "globex", w.GlobexAddress)
	w.gone("address", "missing", id.NewAddress(now))
	return nil
}

// sample names a thing of each company for everything that an address or a form may ask for besides.
func (w *World) sample(context.Context) error {
	nobody := id.NewMember(w.DB.Times()).String()
	w.Samples = map[string]map[string]string{
		"acme":   {"role": w.Roles["observer"].String(), "product": w.Products[1].ID.String(), "nobody": nobody},
		"globex": {"role": w.GlobexRoles["buyer"].String(), "product": w.Products[1].ID.String(), "nobody": nobody},
		"seller": {"role": w.SellerRoles["support"].String(), "product": w.Products[1].ID.String(), "nobody": nobody},
	}
	for _, of := range w.Samples { // offered to all
		of["template"] = w.Things["role template"][0].ID
	}
	return nil
}
