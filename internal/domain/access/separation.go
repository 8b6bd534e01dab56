package access

import (
	"slices"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/text"
)

// Separation is a rule of static separation of duty: nobody may hold as many of its elements as its cardinality, or more
// (INCITS 359). A pair is two elements with the cardinality 2. Its elements are permissions, or roles of the company.
//
// What counts is every assignment of one member that has not ended, at whatever place, be its unit archived, also one
// that has yet to begin: of two readings the safer one. Who is given one half for January and the other for February has both in the end, and
// who buys in one unit and makes the rules of another may still know each other. Who has left has nothing that counts.
type Separation struct {
	ID          id.Separation
	Name        string
	Permissions Set       // its elements …
	Roles       []id.Role // … of one kind, each once
	Cardinality int       // as many as nobody may hold
	Excuses     bool      // of a rule about permissions: what comes of the administrators' role does not count
	On          bool      // it is kept to; otherwise it only says who would breach it
	Version     int64
}

// MostElements is how many elements a rule may have.
const MostElements = 12

// MostBreaches is how many breaches a refusal lists.
const MostBreaches = 20

var (
	// ErrUnseenSeparation is the fault of a rule that is not in this company.
	ErrUnseenSeparation = fault.Define(fault.NotFound, "access.separation_unseen", "there is no such rule of separation of duty in your company")
	// ErrSeparationName is the fault of a second rule of the same name.
	ErrSeparationName = fault.Define(fault.Conflict, "access.separation_name", "there is already a rule of separation of duty of this name")
	// ErrSeparationStale is the fault of editing an older version of a rule.
	ErrSeparationStale = fault.Define(fault.Stale, "access.separation_stale", "somebody has changed this rule of separation of duty meanwhile: look at it again")
	// ErrSeparated is the fault of giving somebody what a rule keeps apart. Its reasons say whom, what and through which
	// roles.
	ErrSeparated = fault.Define(fault.Refused, "access.separated", "a rule of separation of duty forbids that one person has all of this")
	// ErrBreached is the fault of switching on a rule that somebody breaches, or of making one stricter than that. Its
	// reasons say who, by what and through which roles.
	ErrBreached = fault.Define(fault.Refused, "access.separation_breached", "somebody has what this rule of separation of duty would keep apart")
	// ErrRoleSeparated is the fault of deleting a role that a rule names.
	ErrRoleSeparated = fault.Define(fault.Conflict, "access.role_separated", "a rule of separation of duty names this role, so it cannot be deleted")
)

// SeparationFields are what can be said of a rule.
type SeparationFields struct {
	Name        string
	Permissions Set
	Roles       []id.Role
	Cardinality int
	Excuses     bool
	On          bool
}

// Edit returns the rule as the fields say. It is ErrSeparationStale for one that was seen in another version, or the
// fields that cannot be.
func (s Separation) Edit(realm Realm, version int64, f SeparationFields) (Separation, error) {
	if version != s.Version {
		return s, ErrSeparationStale.Now(s.Version)
	}
	var in fault.Input
	if f.Name = text.Line(&in, "name", f.Name, NameLength); f.Name == "" {
		in.Add("name", "required", "a rule needs a name")
	}
	f.Roles = slices.Clone(f.Roles)
	slices.SortFunc(f.Roles, func(a, b id.Role) int { return strings.Compare(a.UUID(), b.UUID()) })
	f.Roles = slices.Compact(f.Roles)
	n := f.Permissions.Len() + len(f.Roles)
	switch other := f.Permissions.Without(Leaves(realm)); {
	case other.Len() > 0:
		in.Add("permissions", ErrUnknownPermission.Code, "there is no permission %q", other.List()[0].Code())
	case f.Permissions.Len() > 0 && len(f.Roles) > 0:
		in.Add("role_ids", "kind", "a rule keeps permissions apart, or roles, and not one from the other")
	case n < 2 && len(f.Roles) > 0:
		in.Add("role_ids", "required", "choose at least two roles")
	case n < 2:
		in.Add("permissions", "required", "choose at least two permissions")
	case n > MostElements && len(f.Roles) > 0:
		in.Add("role_ids", "too_many", "a rule has at most %d elements", MostElements)
	case n > MostElements:
		in.Add("permissions", "too_many", "a rule has at most %d elements", MostElements)
	case f.Cardinality < 2 || f.Cardinality > n:
		in.Add("cardinality", "range", "this is a number from 2 to %d, as many as were chosen", n)
	}
	if f.Excuses && len(f.Roles) > 0 {
		in.Add("excuse_administrators", "kind", "only a rule about permissions can leave out what comes of the administrators' role")
	}
	if err := in.Err(); err != nil {
		return s, err
	}
	s.Name, s.Permissions, s.Roles, s.Cardinality, s.Excuses, s.On = f.Name, f.Permissions, f.Roles, f.Cardinality, f.Excuses, f.On
	return s, nil
}

// Looser reports whether nobody can breach this rule who does not breach the other: it is off, or the other is on and
// asks for no less. Of the elements that the other does not have somebody may hold all, so those are taken off.
func (s Separation) Looser(than Separation) bool {
	if !s.On {
		return true
	}
	alien := s.Permissions.Without(than.Permissions).Len()
	for _, r := range s.Roles {
		if !slices.Contains(than.Roles, r) {
			alien++
		}
	}
	return than.On && (s.Excuses || !than.Excuses) && s.Cardinality-alien >= than.Cardinality
}

// Holder is somebody with the roles that count: those of assignments that have not ended, each once.
type Holder struct {
	Member id.Member
	Name   string
	Roles  []Role
}

// Held is one element of a rule that somebody holds, and the roles that they hold it through; of a rule about roles the
// role itself.
type Held struct {
	Permission Permission // none of a rule about roles
	Through    []Named
}

// Breach is what somebody holds of a rule, which is too much.
type Breach struct {
	Rule   id.Separation
	Name   string // the rule's
	Member id.Member
	Who    string
	Held   []Held
}

// Holds lists the elements of the rule that somebody holds, as far as they count.
func (s Separation) Holds(h Holder) []Held {
	var all []Held
	for _, p := range s.Permissions.List() {
		one := Held{Permission: p}
		for _, r := range h.Roles {
			if r.Set.Has(p) && (!s.Excuses || !r.IsAdministrator()) {
				one.Through = append(one.Through, Named{r.ID, r.Name})
			}
		}
		if len(one.Through) > 0 {
			all = append(all, one)
		}
	}
	for _, r := range h.Roles {
		if slices.Contains(s.Roles, r.ID) {
			all = append(all, Held{Through: []Named{{r.ID, r.Name}}})
		}
	}
	return all
}

// Breach is what somebody holds too much of; found says whether they do.
func (s Separation) Breach(h Holder) (b Breach, found bool) {
	held := s.Holds(h)
	return Breach{s.ID, s.Name, h.Member, h.Name, held}, len(held) >= s.Cardinality
}

// Excused is what an administrator holds and only by being excused may hold; found says whether they do.
func (s Separation) Excused(h Holder) (b Breach, found bool) {
	if _, breaches := s.Breach(h); breaches || !s.Excuses {
		return b, false
	}
	s.Excuses = false
	return s.Breach(h)
}

// Breaks is what somebody would hold too much of and does not hold yet: a change that adds nothing to what they hold of
// the rule does not break it, even where they breach it already.
func (s Separation) Breaks(before, after Holder) (b Breach, found bool) {
	b, found = s.Breach(after)
	if !found {
		return b, false
	}
	had := s.Holds(before)
	return b, slices.ContainsFunc(b.Held, func(h Held) bool {
		return !slices.ContainsFunc(had, func(was Held) bool {
			return was.Permission == h.Permission && (h.Permission != none || was.Through[0].ID == h.Through[0].ID)
		})
	})
}

// Gives lists for each element of the rule the roles that give it, be they excused or not.
func (s Separation) Gives(roles []Role) [][]id.Role {
	var all [][]id.Role
	for _, p := range s.Permissions.List() {
		var by []id.Role
		for _, r := range roles {
			if r.Set.Has(p) {
				by = append(by, r.ID)
			}
		}
		all = append(all, by)
	}
	for _, r := range s.Roles {
		all = append(all, []id.Role{r})
	}
	return all
}

// Phrase says what is held, and through what.
func (h Held) Phrase() locale.Phrase {
	if h.Permission == none {
		return locale.Say("the role “%s”", h.Through[0].Name)
	}
	names := make([]locale.Phrase, len(h.Through))
	for i, r := range h.Through {
		names[i] = locale.Verbatim(r.Name)
	}
	return locale.Say("“%s” (through %s)", h.Permission.Phrase(), enumerate(names))
}

// Phrase says all that is held.
func (b Breach) Phrase() locale.Phrase {
	all := make([]locale.Phrase, len(b.Held))
	for i, h := range b.Held {
		all[i] = h.Phrase()
	}
	return enumerate(all)
}

// enumerate joins phrases as one says them: this, that and that.
func enumerate(all []locale.Phrase) locale.Phrase {
	if len(all) == 0 {
		return locale.Phrase{}
	}
	said := all[0]
	for i, p := range all[1:] {
		if i == len(all)-2 {
			return locale.Say("%s and %s", said, p)
		}
		said = locale.Say("%s, %s", said, p)
	}
	return said
}

// Separated is the fault of a change that would make these breaches.
func Separated(all []Breach) error {
	return refuse(ErrSeparated, all, func(b Breach) *fault.Fault {
		return ErrSeparated.With("%s would have %s; the rule “%s” keeps that apart", b.who(), b.Phrase(), b.Name)
	})
}

// Breached is the fault of switching on a rule that these breaches are of.
func Breached(all []Breach) error {
	return refuse(ErrBreached, all, func(b Breach) *fault.Fault {
		return ErrBreached.With("%s has %s; the rule “%s” would keep that apart", b.who(), b.Phrase(), b.Name)
	})
}

// refuse is nil without breaches; of one it says all, of several how many there are and why, as far as a list helps.
func refuse(as *fault.Fault, all []Breach, say func(Breach) *fault.Fault) error {
	if len(all) == 0 {
		return nil
	}
	reasons := make([]*fault.Fault, min(len(all), MostBreaches))
	for i := range reasons {
		b := all[i]
		reasons[i] = say(b).Noting("rule_id", b.Rule.String())
		if !b.Member.IsZero() {
			reasons[i] = reasons[i].Noting("member_id", b.Member.String())
		}
	}
	if len(all) == 1 {
		return reasons[0].Listing(reasons[0])
	}
	more := locale.Count(len(all)-1, "%d more breach of this kind", "%d more breaches of this kind")
	return as.With("%s", locale.Say("%s, and %s", locale.Say(reasons[0].Format, reasons[0].Args...), more)).Listing(reasons...)
}

// who is the member's name, for whoever may see them.
func (b Breach) who() locale.Phrase {
	if b.Who == "" {
		return locale.Say("somebody whom you do not see")
	}
	return locale.Verbatim(b.Who)
}

// Unnamed returns the breach without who it is, for whoever may not see them.
func (b Breach) Unnamed() Breach {
	b.Member, b.Who = id.Member{}, ""
	return b
}

// Suggestion is a rule that is offered to every company, and on in none until somebody switches it on.
type Suggestion struct {
	Key         string
	Name        locale.Phrase
	Why         locale.Phrase
	Permissions Set
}

// Fields are the rule that the suggestion would be, in the words of a language.
func (g Suggestion) Fields(l locale.Language) SeparationFields {
	return SeparationFields{Name: g.Name.In(l), Permissions: g.Permissions, Cardinality: g.Permissions.Len(), On: true}
}

// Suggestions lists the rules that are offered to organisations of a realm.
func Suggestions(r Realm) []Suggestion {
	if r == Staff {
		return []Suggestion{
			{"prices_and_discounts", locale.Say("Who sets prices does not approve discounts"), locale.Say("Otherwise somebody could make a price, and the discount on it, alone."),
				SetOf(PricesManage, QuotesApproveDiscount)},
			{"credit_and_orders", locale.Say("Who gives credit does not keep orders"), locale.Say("Otherwise somebody could let a customer owe more, and order for them."),
				SetOf(CreditManage, OrdersManage)},
		}
	}
	return []Suggestion{
		{"rules_and_buying", locale.Say("Who makes approval rules does not buy"), locale.Say("Otherwise somebody could make a rule that lets their own order through."),
			SetOf(ApprovalRulesManage, CheckoutPlace)},
		{"people_and_approving", locale.Say("Who adds people does not approve"), locale.Say("Otherwise somebody could order by an account that they made up, and approve it."),
			SetOf(UsersManage, PurchaseOrdersApprove)},
		{"budgets_and_buying", locale.Say("Who sets budgets does not buy"), locale.Say("Otherwise somebody could raise the budget that stops their own order."),
			SetOf(BudgetsManage, CheckoutPlace)},
		{"roles_and_approving", locale.Say("Who gives roles does not approve"), locale.Say("Otherwise somebody could make themselves or a friend the one who decides."),
			SetOf(RolesManage, PurchaseOrdersApprove)},
		{"rules_and_approving", locale.Say("Who makes approval rules does not approve"), locale.Say("Otherwise somebody could route to themselves what others should decide."),
			SetOf(ApprovalRulesManage, PurchaseOrdersApprove)},
	}
}

// SuggestionOf finds a suggestion for a realm by its key.
func SuggestionOf(r Realm, key string) (Suggestion, error) {
	all := Suggestions(r)
	if i := slices.IndexFunc(all, func(g Suggestion) bool { return g.Key == key }); i >= 0 {
		return all[i], nil
	}
	return Suggestion{}, ErrUnseenSeparation
}

// Has reports whether a rule is about the same as the suggestion.
func (g Suggestion) Has(s Separation) bool {
	return s.Permissions == g.Permissions && len(s.Roles) == 0
}

// NamesRole reports whether the rule keeps a role apart from others.
func (s Separation) NamesRole(key id.Role) bool { return slices.Contains(s.Roles, key) }
