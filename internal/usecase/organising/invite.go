package organising

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// InviteInput is who is to be invited: all of them, or nobody.
type InviteInput struct {
	People []Guest
	Key    string `json:"-"` // the idempotency key
}

// Guest is somebody to be invited, and the node that they will stand right below; the zero node is the company's own
// unit.
type Guest struct {
	Email    string
	First    string // or nothing: who accepts says it
	Last     string
	Title    string          // the job title, or none
	Language locale.Language // of the mail and the pages; none is the company's
	Under    company.Node
	Offers   []company.Offer // none is the company's usual role
}

// Invite sends people a link by which they become members, with the roles that are named now. Whoever invites manages
// people where they will stand, and could give them those roles; somebody for whom no role is named gets the usual one
// as AddMember gives it. What is wrong stands at its row: people.3.email.
//
// Whether an address has an account is told to nobody but its owner: the invitation is the same for both.
func (s *Service) Invite(ctx context.Context, actor access.Actor, in InviteInput) (made []id.Invitation, err error) {
	err = step.Once(ctx, s.db, actor, "organising.invite", in.Key, in, &made, func(remember func(*store.Tx, access.Actor)) error {
		return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
			made = nil
			// may: whoever manages nobody is not told what there is
			if err := actor.RequireSomewhere(access.UsersManage); err != nil {
				return err
			}
			// find
			l, err := list(ctx, tx, actor, in)
			if err != nil {
				return err
			}
			// may, each of them
			if err := l.may(ctx); err != nil {
				return err
			}
			// decide
			if err := l.apart(ctx); err != nil {
				return err
			}
			if err := l.check(); err != nil {
				return err
			}
			// write
			for _, i := range l.lapsed {
				tx.Companies.UpdateInvitation(actor.Company, i.Lapse())
			}
			for _, g := range l.guests {
				i := g.Invitation
				i.ID = id.NewInvitation(tx.Now.Add(time.Duration(len(made)) * time.Microsecond)) // so that they sort as they were named
				i.State, i.Inviter, i.Sent, i.SentAt, i.CreatedAt, i.Version = company.Open, actor.Member, 1, tx.Now, tx.Now, 1
				i.ExpiresAt = tx.Now.Add(s.inviting.Lasts)
				link := identity.Link{Company: actor.Company, Secret: rand.Text()} // 130 bits of chance
				tx.Companies.InsertInvitation(actor.Company, i, g.key, link.Digest())
				step.WriteInvitation(s.inviting, tx, actor, l.company, i, l.named(i.Offers), link)
				made = append(made, i.ID)
				// tell
				tx.Tell(actor, company.InvitationWasSent{InvitationID: i.ID, Place: i.Under.Path, Roles: company.OffersTold(i.Offers)})
			}
			remember(tx, actor)
			return nil
		})
	})
	return made, err
}

// guests are people to be invited, and what the company knows of them.
type guests struct {
	tx      *store.Tx
	actor   access.Actor
	company company.Company
	roles   []access.Role
	guests  []guest
	members map[string]company.Member // by address
	open    map[string]bool           // addresses that have been invited already
	lapsed  []company.Invitation
	opened  int64
	made    int64
	nodes   map[company.Node]company.Node // where what was named stands
	usual   map[tree.Path]company.Offer
	wrong   fault.Input
}

type guest struct {
	company.Invitation
	key string // the address as it is compared; nothing for what is none
}

// list finds what there is about the people to be invited.
func list(ctx context.Context, tx *store.Tx, actor access.Actor, in InviteInput) (*guests, error) {
	l := &guests{tx: tx, actor: actor, members: map[string]company.Member{}, open: map[string]bool{}, nodes: map[company.Node]company.Node{}, usual: map[tree.Path]company.Offer{}}
	tx.Companies.Want(&l.company, actor.Company)
	tx.Access.WantEveryRole(&l.roles, actor.Company)
	tx.Companies.WantInvitedCounts(&l.opened, &l.made, actor.Company, tx.Now.Add(-24*time.Hour))
	var keys []string
	people := in.People
	if len(people) > company.MostAtOnce {
		people = people[:0]
	}
	for i, p := range people {
		g := guest{Invitation: company.Invitation{Email: p.Email, First: p.First, Last: p.Last, Title: p.Title, Language: string(p.Language), Under: p.Under, Offers: p.Offers}}
		var err error
		g.key, err = identity.EmailKey(p.Email)
		l.wrong.Take(row(i, "email"), err)
		if g.key != "" {
			keys = append(keys, g.key)
		}
		l.guests = append(l.guests, g)
	}
	if len(people) == 0 {
		l.wrong.Add("people", "range", "from 1 to %d people are invited at once", company.MostAtOnce)
	}
	return l, l.known(ctx, keys)
}

// row names a field of one of the people.
func row(i int, field string) string { return "people." + strconv.Itoa(i) + "." + field }

// known finds which of these addresses are members, or have been invited.
func (l *guests) known(ctx context.Context, keys []string) error {
	var open []company.Invitation
	l.tx.Companies.WantOpenInvitations(&open, l.actor.Company, keys)
	accounts, err := l.tx.Accounts.ListByEmail(ctx, keys)
	if err != nil {
		return err
	}
	emails, of := make([]id.Account, len(accounts)), map[id.Account]string{}
	for i, a := range accounts {
		key, err := identity.EmailKey(a.Email)
		if err != nil {
			return err
		}
		emails[i], of[a.ID] = a.ID, key
	}
	var members []company.Member
	l.tx.Companies.WantMembersOf(&members, l.actor.Company, emails)
	if err := l.tx.Fetch(ctx); err != nil {
		return err
	}
	for _, m := range members {
		l.members[of[m.Account]] = m
	}
	for _, i := range open {
		key, err := identity.EmailKey(i.Email)
		if err != nil {
			return err
		}
		if i.At(l.tx.Now) == company.Expired {
			l.lapsed = append(l.lapsed, i)
		} else {
			l.open[key] = true
		}
	}
	return nil
}

// may is nil when the actor may invite everybody to where they will stand, and give them what they will get. It fills
// in what was left open.
func (l *guests) may(ctx context.Context) error {
	for i := range l.guests {
		if err := l.mayOne(ctx, &l.guests[i]); err != nil {
			if f := fault.Of(err); f != nil {
				return f.Noting("row", strconv.Itoa(i+1))
			}
			return err
		}
	}
	return nil
}

// apart notes who would have by their roles what a rule of separation of duty keeps apart. It is asked again when they
// accept.
func (l *guests) apart(ctx context.Context) error {
	would := make([]access.Holder, len(l.guests))
	for i, g := range l.guests {
		would[i].Name = g.Email
		for _, r := range l.roles {
			if slices.ContainsFunc(g.Offers, func(o company.Offer) bool { return o.Role == r.ID }) {
				would[i].Roles = append(would[i].Roles, r)
			}
		}
	}
	breaches, err := step.Apart(ctx, l.tx, l.actor.Company, would)
	for i, breach := range breaches {
		l.wrong.Take(row(i, "roles"), breach)
	}
	return err
}

func (l *guests) mayOne(ctx context.Context, g *guest) (err error) {
	if g.Under, err = l.at(ctx, g.Under); err != nil {
		return err
	}
	for _, o := range g.Offers {
		a := access.Assignment{Role: o.Role, Unit: o.Unit}
		r := slices.IndexFunc(l.roles, func(r access.Role) bool { return r.ID == o.Role })
		if r < 0 {
			return access.ErrUnseenRole
		}
		if !o.Unit.IsZero() {
			n, err := l.at(ctx, company.Node{Unit: o.Unit})
			if err != nil {
				return err
			}
			a.Place = n.Path
		}
		if err := l.actor.Require(access.UsersManage, g.Under.Path); err != nil {
			return err
		}
		if err := mayGive(l.actor, l.roles[r], a); err != nil {
			return err
		}
	}
	if err := l.actor.Require(access.UsersManage, g.Under.Path); err != nil || len(g.Offers) > 0 {
		return err
	}
	usual, err := l.usually(ctx, g.Under.Path)
	if !usual.Role.IsZero() {
		g.Offers = []company.Offer{usual}
	}
	return err
}

// at is where a node stands that the actor may see; the company's own unit for the zero node.
func (l *guests) at(ctx context.Context, n company.Node) (company.Node, error) {
	named := company.Node{Unit: n.Unit, Member: n.Member}
	if found, ok := l.nodes[named]; ok {
		return found, nil
	}
	found, err := landing(ctx, l.tx, l.actor, named)
	if err == nil {
		l.nodes[named] = found
	}
	return found, err
}

// usually is what somebody gets who stands there, and for whom no role is named.
func (l *guests) usually(ctx context.Context, above tree.Path) (company.Offer, error) {
	if o, ok := l.usual[above]; ok {
		return o, nil
	}
	a, r, err := usual(ctx, l.tx, l.actor, access.Assignment{}, above)
	o := company.Offer{Unit: a.Unit}
	if !r.ID.IsZero() {
		o.Role = r.ID
	}
	l.usual[above] = o
	return o, err
}

// check is what is wrong with whom, all of it.
func (l *guests) check() error {
	if l.company.Status != company.Active {
		return company.ErrNotInviting
	}
	seen := map[string]int{}
	for i := range l.guests {
		g := &l.guests[i]
		if g.Language == "" {
			g.Language = l.company.Language
		}
		l.wrong.Take(row(i, "language"), identity.CheckLanguage(g.Language))
		var err error
		if g.Invitation, err = g.Check(); err != nil {
			l.wrong.Take("people."+strconv.Itoa(i), err)
		}
		if g.key == "" {
			continue
		}
		g.Email = strings.TrimSpace(g.Email)
		m, member := l.members[g.key]
		switch first, twice := seen[g.key]; {
		case twice:
			l.wrong.Add(row(i, "email"), "duplicate", "this address stands in row %d already", first+1)
		case member && m.Status == company.Inactive:
			l.wrong.Take(row(i, "email"), company.ErrLeft)
		case member && m.Status == company.Invited:
			l.wrong.Take(row(i, "email"), company.ErrWaits)
		case member:
			l.wrong.Take(row(i, "email"), company.ErrAlreadyMember)
		case l.open[g.key]:
			l.wrong.Take(row(i, "email"), company.ErrInvited)
		}
		if _, twice := seen[g.key]; !twice {
			seen[g.key] = i
		}
	}
	if err := l.wrong.Err(); err != nil {
		return err
	}
	if n := int64(len(l.guests)); l.opened+n > company.MostOpen || l.made+n > company.MostInADay {
		return company.ErrManyInvitations
	}
	return nil
}

// named are roles as a mail names them.
func (l *guests) named(all []company.Offer) []string { return rolesOf(l.roles, all) }

func rolesOf(roles []access.Role, all []company.Offer) []string {
	var names []string
	for _, o := range all {
		for _, r := range roles {
			if r.ID == o.Role && !slices.Contains(names, r.Name) {
				names = append(names, r.Name)
			}
		}
	}
	return names
}

// rolesNamed are the roles that a member has for whom an invitation waits; none for an invitation that offers its own.
func rolesNamed(ctx context.Context, tx *store.Tx, key id.Company, i company.Invitation) (names []string, err error) {
	if i.Waiting.IsZero() {
		return nil, nil
	}
	all, err := heldBy(ctx, tx, key, []id.Member{i.Waiting})
	return all[i.Waiting], err
}

// heldBy are the names of the roles that members have, or will have.
func heldBy(ctx context.Context, tx *store.Tx, key id.Company, members []id.Member) (map[id.Member][]string, error) {
	var held []access.Assignment
	var roles []access.Role
	tx.Access.WantAssignmentsOf(&held, key, members)
	tx.Access.WantEveryRole(&roles, key)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	names := map[id.Role]string{}
	for _, r := range roles {
		names[r.ID] = r.Name
	}
	all := map[id.Member][]string{}
	for _, a := range held {
		if name := names[a.Role]; !a.Ended(tx.Now) && !slices.Contains(all[a.Member], name) {
			all[a.Member] = append(all[a.Member], name)
		}
	}
	return all, nil
}

// Invitations is a page of the invitations that the actor may see, the newest first. Its cursor has one value.
func (s *Service) Invitations(ctx context.Context, actor access.Actor, f view.InvitationFilter, ask page.Ask) (all page.List[view.Invitation], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.UsersView); err != nil {
			return err
		}
		all, err = tx.Views.ListInvitations(ctx, actor.Company, actor.Scope(access.ViewInvitations), f, ask)
		return err
	})
	return all, err
}

// OpenInvitations counts the invitations that the actor may see, and that can still be accepted.
func (s *Service) OpenInvitations(ctx context.Context, actor access.Actor) (n int64, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.UsersView); err != nil {
			return err
		}
		n, err = tx.Views.CountInvitations(ctx, actor.Company, actor.Scope(access.ViewInvitations))
		return err
	})
	return n, err
}

// Invitation gives an invitation in full.
func (s *Service) Invitation(ctx context.Context, actor access.Actor, key id.Invitation) (i view.Invitation, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if i, err = tx.Views.GetInvitation(ctx, actor.Company, key); err != nil {
			return err
		}
		if !actor.Reaches(access.ViewInvitations, access.Thing{At: i.Under.Path}) {
			i = view.Invitation{}
			return company.ErrUnseenInvitation
		}
		return nil
	})
	return i, err
}

// invited finds an invitation, for an actor who may see it.
func invited(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Invitation) (company.Invitation, error) {
	i, err := tx.Companies.GetInvitation(ctx, actor.Company, key)
	if err == nil && !actor.Shows(access.ViewInvitations, access.Thing{At: i.Under.Path}) {
		err = company.ErrUnseenInvitation
	}
	return i, err
}

// ResendInvitation sends an invitation once more, with a new link: the one before works no more, and the time begins
// anew. Whoever does could give what it gives.
func (s *Service) ResendInvitation(ctx context.Context, actor access.Actor, key id.Invitation, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var c company.Company
		var roles []access.Role
		tx.Companies.Want(&c, actor.Company)
		tx.Access.WantEveryRole(&roles, actor.Company)
		before, err := invited(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		given, err := step.Offered(ctx, tx, actor.Company, before)
		if err != nil {
			return err
		}
		named, err := rolesNamed(ctx, tx, actor.Company, before)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, before.Under.Path); err != nil {
			return err
		}
		for _, a := range given {
			r := slices.IndexFunc(roles, func(r access.Role) bool { return r.ID == a.Role })
			if r < 0 || roles[r].Default && usually(actor, roles[r], a) == nil {
				continue
			}
			if err := mayGive(actor, roles[r], a); err != nil {
				return err
			}
		}
		// decide
		if c.Status != company.Active {
			return company.ErrNotInviting
		}
		i, err := before.Resend(version, tx.Now, s.inviting.Lasts)
		if err != nil {
			return err
		}
		// write
		link := identity.Link{Company: actor.Company, Secret: rand.Text()}
		tx.Companies.UpdateInvitation(actor.Company, i)
		tx.Companies.SetLink(actor.Company, key, link.Digest())
		tx.Notices.DeleteWaiting(actor.Company, key.String())
		step.WriteInvitation(s.inviting, tx, actor, c, i, append(rolesOf(roles, i.Offers), named...), link)
		// tell
		tx.Tell(actor, company.InvitationWasResent{InvitationID: key, Sent: i.Sent})
		return nil
	})
}

// RevokeInvitation takes an invitation back: its link works no more.
func (s *Service) RevokeInvitation(ctx context.Context, actor access.Actor, key id.Invitation, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := invited(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, before.Under.Path); err != nil {
			return err
		}
		// decide
		i, err := before.Revoke(version, tx.Now)
		if err != nil {
			return err
		}
		// write
		tx.Companies.UpdateInvitation(actor.Company, i)
		tx.Notices.DeleteWaiting(actor.Company, key.String())
		// tell
		tx.Tell(actor, company.InvitationWasRevoked{InvitationID: key})
		return nil
	})
}
