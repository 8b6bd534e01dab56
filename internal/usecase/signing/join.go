package signing

import (
	"context"
	"slices"

	"github.com/alexedwards/argon2id"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/network"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

var (
	// ErrJoinSignIn is the fault of accepting an invitation without signing in, for an address that has an account.
	ErrJoinSignIn = fault.Define(fault.Unauthenticated, "signing.join_sign_in", "there is an account of this address already: please sign in with it, and accept the invitation then")
	// ErrJoinOther is the fault of accepting an invitation that is for somebody else than who is signed in.
	ErrJoinOther = fault.Define(fault.Conflict, "signing.join_other", "you are signed in as somebody else than this invitation is for: sign out first, nothing has happened yet")
)

// Invitation is what the link of an invitation leads to, for whoever holds it. Looking changes nothing, whoever or
// whatever looks. A link that leads nowhere counts as a failure of the network that asks, as a failed sign-in does.
func (s *Service) Invitation(ctx context.Context, who access.Actor, link string) (w view.Welcome, err error) {
	l, err := s.followed(ctx, who, link)
	if err != nil {
		return w, err
	}
	err = s.db.Read(ctx, access.Guest(l.Company, who), func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfJoin); err != nil {
			return err
		}
		f, err := find(ctx, tx, l, false)
		if err != nil {
			return err
		}
		v, err := tx.Views.GetInvitation(ctx, l.Company, f.invitation.ID)
		w = view.Welcome{Invitation: v.ID, Company: l.Company, CompanyName: f.company.Name, InviterName: v.InviterName, Email: v.Email, First: v.First, Last: v.Last,
			Language: locale.Parse(v.Language), Zone: f.company.Zone, Until: v.ExpiresAt, Known: f.known(), Shut: f.shut}
		if f.known() { // their account has a name of its own
			w.First, w.Last = f.account.First, f.account.Last
		}
		w.Mine = f.known() && who.Kind == access.Member && who.Account == f.account.ID
		w.Other = who.Kind == access.Member && !w.Mine
		for _, r := range v.Roles {
			if !slices.Contains(w.Roles, r.Name) {
				w.Roles = append(w.Roles, r.Name)
			}
		}
		return err
	})
	return w, err
}

// AcceptInput is what somebody says who accepts an invitation. Who has an account that can sign in says nothing but
// the link, and is signed in; everybody else chooses a password and says their name.
type AcceptInput struct {
	Link     string
	First    string
	Last     string
	Password string
}

// Joined is what came of accepting an invitation.
type Joined struct {
	Company id.Company
	Member  id.Member
	Email   string
	Fresh   bool // the account has its first password, and can sign in now
}

// Accept makes the holder of an invitation's link a member, with the roles that were named when they were invited, as
// far as these and their units are still there. An address that has an account joins with that one, and nobody joins
// with an account other than the one that the invitation is for. However often and from wherever it is tried, one
// membership comes of it.
func (s *Service) Accept(ctx context.Context, who access.Actor, in AcceptInput) (done Joined, err error) {
	l, err := s.followed(ctx, who, in.Link)
	if err != nil {
		return done, err
	}
	var heard said
	var unfit error // the password; then the rest is only tried
	guest := access.Guest(l.Company, who)
	if in.Password != "" {
		heard, err = s.hears(ctx, guest, l, in)
		switch {
		case fault.KindOf(err) == fault.Invalid:
			unfit, guest = err, guest.Trying()
		case err != nil:
			return done, err
		}
	}
	err = s.db.Write(ctx, guest, func(tx *store.Tx, actor access.Actor) error {
		// find
		f, err := find(ctx, tx, l, true)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.SelfJoin); err != nil {
			return err
		}
		if err := f.admits(who, heard); err != nil {
			return err
		}
		// decide
		a, fresh, err := f.person(tx, in, heard.hash)
		if err != nil {
			return err
		}
		m, err := f.member(ctx, tx, a)
		if err != nil {
			return err
		}
		i, err := f.invitation.Accept(tx.Now, m.ID)
		if err != nil {
			return err
		}
		var given []gift
		var lost []company.Offer
		if f.fresh {
			if given, lost, err = f.gets(ctx, tx); err != nil {
				return err
			}
		}
		// write
		if f.fresh {
			tx.Companies.InsertMember(l.Company, m)
			tx.Companies.InsertNode(l.Company, company.Node{Member: m.ID, Path: m.Path}, f.above)
		}
		tx.Companies.UpdateInvitation(l.Company, i)
		tx.Companies.SetRightsChanged(l.Company)
		// tell
		actor.Account, actor.Member, actor.Name = a.ID, m.ID, m.Name
		if f.fresh {
			tx.Tell(actor, company.MemberWasAdded{MemberID: m.ID, AccountID: a.ID, After: m.Facts(), Place: m.Path})
		} else {
			if err := step.Readmit(ctx, tx, actor, m); err != nil {
				return err
			}
			tx.Tell(actor, company.MemberHasJoined{MemberID: m.ID, AccountID: a.ID, After: m.Facts(), Place: m.Path})
		}
		var rights []access.Assignment
		for _, g := range given {
			g.Member = m.ID
			rights = append(rights, g.Assignment)
			tx.Tell(actor, g.Assigned(g.role))
		}
		if err := step.Give(ctx, tx, actor, rights...); err != nil {
			return err
		}
		e := company.InvitationWasAccepted{InvitationID: i.ID, InviterID: i.Inviter, MemberID: m.ID}
		if len(lost) > 0 {
			e.Lost = company.OffersTold(lost)
		}
		tx.Tell(actor, e)
		done = Joined{Company: l.Company, Member: m.ID, Email: a.Email, Fresh: fresh}
		return nil
	})
	if unfit != nil {
		return Joined{}, fault.Both(unfit, err)
	}
	return done, err
}

// followed reads a link, for a network that may try: too many links that lead nowhere are identity.ErrThrottled.
func (s *Service) followed(ctx context.Context, who access.Actor, link string) (l identity.Link, err error) {
	t := try{}
	l, broken := identity.ParseLink(link)
	found := false
	err = s.db.Read(ctx, access.Guest(l.Company, who), func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfJoin); err != nil {
			return err
		}
		t.now = tx.Now
		tx.Accounts.WantThrottle(&t.network, linked(who.From))
		if broken != nil {
			return tx.Fetch(ctx)
		}
		_, found, err = tx.Companies.FindInvitation(ctx, l.Company, l.Digest())
		return err
	})
	if err == nil {
		err = t.throttled()
	}
	if err != nil || found {
		return l, err
	}
	return l, s.strayed(ctx, who, t.network.Subject)
}

// linked is what links that lead nowhere are counted by: the network that asks, apart from its failed sign-ins.
func linked(address string) string {
	if _, network := subjects("", address); network != "" {
		return "link:" + network
	}
	return ""
}

// strayed counts a link that leads nowhere, and says so.
func (s *Service) strayed(ctx context.Context, who access.Actor, subject string) error {
	if subject == "" {
		return identity.ErrUnknownLink
	}
	err := s.db.WriteApart(ctx, access.Guest(id.Company{}, who), func(tx *store.Tx, actor access.Actor) error {
		// find
		tx.Head("throttle:" + subject)
		var t identity.Throttle
		tx.Accounts.WantThrottle(&t, subject)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.SelfJoin); err != nil {
			return err
		}
		// write
		tx.Accounts.SetThrottle(t.Failed(tx.Now, true))
		return nil
	})
	if err != nil {
		return err
	}
	s.log.Info("a link that leads nowhere", "request", who.Request, "network", network.OfText(who.From))
	return identity.ErrUnknownLink
}

// said is what a password that came with an invitation is good for.
type said struct {
	hash  string // of the first password of an account
	known string // the hash in use that the password fits: of an account that cannot sign in before it joins
}

// hears makes of a password what it is good for: it is the one that somebody chooses, or the one that somebody knows
// who cannot sign in, because they have left all companies where they were. Wrong guesses count as failed sign-ins.
func (s *Service) hears(ctx context.Context, actor access.Actor, l identity.Link, in AcceptInput) (said, error) {
	done, err := s.slot(ctx)
	if err != nil {
		return said{}, err
	}
	defer done()
	var f *met
	var t try
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfJoin); err != nil {
			return err
		}
		if f, err = find(ctx, tx, l, false); err != nil || !f.shut {
			return err
		}
		t, err = s.attempt(ctx, tx, actor, f.account.Email)
		return err
	})
	switch {
	case err != nil:
		return said{}, err
	case f.shut:
		return s.proven(ctx, actor, t, in.Password)
	case f.known():
		return said{}, nil
	}
	var wrong fault.Input
	a := f.account
	a.Email, a.First, a.Last = f.invitation.Email, in.First, in.Last
	if wrong.Take("password", identity.CheckPassword(in.Password, words(a)...)) {
		return said{}, wrong.Err()
	}
	hash, err := argon2id.CreateHash(in.Password, &s.params)
	return said{hash: hash}, err
}

// proven is what a password is good for that somebody has to know.
func (s *Service) proven(ctx context.Context, actor access.Actor, t try, password string) (said, error) {
	if err := t.throttled(); err != nil {
		return said{}, err
	}
	if actor.Tries() {
		return said{}, access.ErrTried // no password is tried without its being counted
	}
	match, err := s.matches(password, t.found.Password)
	if err != nil {
		return said{}, err
	}
	if !match {
		if err := s.failed(ctx, actor, t); err != nil {
			return said{}, err
		}
		var wrong fault.Input
		wrong.Take("password", identity.ErrPasswordWrong)
		return said{}, wrong.Err()
	}
	return said{known: t.found.Password}, nil
}

// met is an invitation that can be accepted, and whom it is for.
type met struct {
	link       identity.Link
	company    company.Company
	invitation company.Invitation
	account    identity.Account // zero where the address has none
	shut       bool             // it has one, that cannot sign in as long as it is a member of nothing
	above      company.Node
	fresh      bool // accepting makes the member, who has not waited as one
}

// known reports whether the address has an account that can sign in.
func (f *met) known() bool { return f.account.Password != "" }

// find finds an invitation by its link, and says why it cannot be accepted. alone keeps others from the account, who
// may be about to give it its first password for another company.
func find(ctx context.Context, tx *store.Tx, l identity.Link, alone bool) (*met, error) {
	f := &met{link: l}
	tx.Companies.Want(&f.company, l.Company)
	var found bool
	var err error
	if f.invitation, found, err = tx.Companies.FindInvitation(ctx, l.Company, l.Digest()); err != nil {
		return f, err
	}
	if !found {
		return f, identity.ErrUnknownLink
	}
	key, err := identity.EmailKey(f.invitation.Email)
	if err != nil {
		return f, err
	}
	if alone {
		tx.Head("account:" + key)
	}
	if f.account, found, err = tx.Accounts.GetByEmail(ctx, key); err != nil {
		return f, err
	}
	switch err := f.invitation.Holds(tx.Now); {
	case err != nil:
		return f, err
	case !f.company.Status.TakesIn(), found && !f.account.Active:
		return f, company.ErrTakesNobody
	}
	if f.known() {
		all, err := mine(ctx, tx, f.account.ID)
		f.shut = !try{found: f.account, memberships: all}.admitted()
		return f, err
	}
	return f, nil
}

// admits is nil for whoever may accept the invitation: who is signed in with the account of its address, or has shown
// that it is theirs where it cannot sign in, or, where there is none, who is signed in with none.
func (f *met) admits(who access.Actor, heard said) error {
	in := who.Kind == access.Member
	switch {
	case in && !(f.known() && who.Account == f.account.ID):
		return ErrJoinOther
	case f.known() && f.account.Provisional && !f.shut:
		return identity.ErrProvisional
	case !in && f.shut && heard.known == f.account.Password:
	case !in && f.shut:
		var wrong fault.Input
		wrong.Take("password", identity.ErrPasswordWrong)
		return wrong.Err()
	case !in && f.known():
		return ErrJoinSignIn
	}
	return nil
}

// person is the account that joins: the one of the address, which gets its first password where it has none, or a new
// one. That the link was held proves that the address is theirs.
func (f *met) person(tx *store.Tx, in AcceptInput, hash string) (a identity.Account, fresh bool, err error) {
	if f.known() {
		return f.account, false, nil
	}
	var wrong fault.Input
	if hash == "" {
		wrong.Take("password", identity.ErrPasswordShort)
	}
	a = f.account
	anew := a.ID.IsZero()
	if anew {
		a = identity.Account{ID: id.NewAccount(tx.Now), Email: f.invitation.Email, Zone: f.company.Zone, Active: true, CreatedAt: tx.Now, Version: 1}
		a.Language = f.invitation.Language
	}
	a.First, a.Last, a.Password, a.Provisional = in.First, in.Last, hash, false
	a, err = a.Check()
	if fields := fault.Of(err); fields != nil {
		for _, x := range fields.Fields {
			wrong.Add(x.Name, x.Code, x.Format, x.Args...)
		}
	}
	if err := wrong.Err(); err != nil {
		return a, false, err
	}
	if anew {
		tx.Accounts.Insert(a)
	} else {
		tx.Accounts.SetName(a.ID, a.First, a.Last)
		tx.Accounts.SetPassword(a.ID, hash, false)
		tx.Accounts.DeleteSessions(a.ID, id.Session{})
	}
	tx.Accounts.SetLast(a.ID, f.link.Company)
	return a, true, nil
}

// member is the membership that comes of it: the one that waits for them, or a new one. What the person is to stand below
// may be no more: then they stand below the company's own unit.
func (f *met) member(ctx context.Context, tx *store.Tx, a identity.Account) (m company.Member, err error) {
	m, found, err := tx.Companies.FindMember(ctx, f.link.Company, a.ID)
	switch {
	case err != nil:
		return m, err
	case found && m.Status == company.Inactive: // who has left comes back by reactivation alone
		return m, company.ErrTakesNobody
	case found && m.Status == company.Working:
		return m, company.ErrAlreadyMember
	case !f.invitation.Waiting.IsZero() && f.invitation.Waiting != m.ID: // the address is not theirs any more
		return m, company.ErrTakesNobody
	}
	first, last := f.invitation.First, f.invitation.Last // as this company calls them, whatever the account says
	if f.invitation.Name() == "" || !f.known() {
		first, last = a.First, a.Last
	}
	if found {
		return m.Join(first, last)
	}
	f.fresh = true
	m = company.Member{ID: id.NewMember(tx.Now), Account: a.ID, Email: a.Email, Status: company.Working, Version: 1}
	if m, err = m.Edit(1, company.MemberFields{First: first, Last: last, Title: f.invitation.Title}, f.company.Currency); err != nil {
		return m, err
	}
	f.above = f.invitation.Under
	if f.above.Path == "" {
		tx.Companies.WantOwnUnit(&f.above, f.link.Company)
		if err := tx.Fetch(ctx); err != nil {
			return m, err
		}
	}
	m.Path, err = step.Label(ctx, tx, f.link.Company, f.above)
	m.Parent = f.above.Path
	return m, err
}

type gift struct {
	access.Assignment
	role access.Role
}

// gets are the roles that the person gets, and those that they were to get and that are no more.
func (f *met) gets(ctx context.Context, tx *store.Tx) (all []gift, lost []company.Offer, err error) {
	var roles []access.Role
	tx.Access.WantEveryRole(&roles, f.link.Company)
	given, err := step.Offered(ctx, tx, f.link.Company, f.invitation)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range f.invitation.Offers {
		a := slices.IndexFunc(given, func(a access.Assignment) bool { return a.Role == o.Role && a.Unit == o.Unit })
		r := slices.IndexFunc(roles, func(r access.Role) bool { return r.ID == o.Role })
		if a < 0 || r < 0 {
			lost = append(lost, o)
			continue
		}
		given[a].ID = id.NewAssignment(tx.Now)
		all = append(all, gift{given[a], roles[r]})
	}
	return all, lost, nil
}
