package identity

import "kontor/internal/base/id"

// Events name an account by its identifier alone: what is told is kept, and a person may ask to be forgotten.

// HasSignedIn tells that somebody has signed in.
type HasSignedIn struct {
	AccountID id.Account `json:"account_id"`
	SessionID id.Session `json:"session_id"`
	Device    string     `json:"device,omitempty"`
	Bearer    bool       `json:"bearer,omitempty"`
}

// EventName is account.signed_in.
func (HasSignedIn) EventName() string { return "account.signed_in" }

// Subject is the account.
func (e HasSignedIn) Subject() string { return e.AccountID.String() }

// SignInHasFailed tells that somebody tried to sign in to an account, and did not know its password.
type SignInHasFailed struct {
	AccountID id.Account `json:"account_id"`
	Failures  int64      `json:"failures"` // of late
}

// EventName is account.sign_in_failed.
func (SignInHasFailed) EventName() string { return "account.sign_in_failed" }

// Subject is the account.
func (e SignInHasFailed) Subject() string { return e.AccountID.String() }

// HasSignedOut tells that sessions of an account were ended by its holder.
type HasSignedOut struct {
	AccountID id.Account `json:"account_id"`
	SessionID id.Session `json:"session_id,omitzero"` // the one that ended; none is all but the one that this was done in
}

// EventName is account.signed_out.
func (HasSignedOut) EventName() string { return "account.signed_out" }

// Subject is the account.
func (e HasSignedOut) Subject() string { return e.AccountID.String() }

// PasswordWasChanged tells that an account has another password.
type PasswordWasChanged struct {
	AccountID   id.Account `json:"account_id"`
	Provisional bool       `json:"provisional,omitempty"` // it is to be replaced at the next sign-in
}

// EventName is account.password_changed.
func (PasswordWasChanged) EventName() string { return "account.password_changed" }

// Subject is the account.
func (e PasswordWasChanged) Subject() string { return e.AccountID.String() }

// CompanyWasSwitched tells that a session acts for another company now.
type CompanyWasSwitched struct {
	AccountID id.Account `json:"account_id"`
	SessionID id.Session `json:"session_id"`
}

// EventName is account.company_switched.
func (CompanyWasSwitched) EventName() string { return "account.company_switched" }

// Subject is the account.
func (e CompanyWasSwitched) Subject() string { return e.AccountID.String() }

// LanguageWasSet tells that an account is spoken to in another language or time zone.
type LanguageWasSet struct {
	AccountID id.Account `json:"account_id"`
	Language  string     `json:"language"`
	Zone      string     `json:"zone"`
}

// EventName is account.language_set.
func (LanguageWasSet) EventName() string { return "account.language_set" }

// Subject is the account.
func (e LanguageWasSet) Subject() string { return e.AccountID.String() }

// ActingHasBegun tells that one of the staff acts for a member of a company from now on. It is told in that company, and
// in the seller's own organisation.
type ActingHasBegun struct {
	AccountID id.Account `json:"account_id"` // of who acts
	CompanyID id.Company `json:"company_id"`
	MemberID  id.Member  `json:"member_id"` // for whom
	Reason    string     `json:"reason"`
}

// EventName is customer.acting_begun.
func (ActingHasBegun) EventName() string { return "customer.acting_begun" }

// Subject is the company.
func (e ActingHasBegun) Subject() string { return e.CompanyID.String() }

// ActingHasEnded tells that one of the staff acts for a member of a company no more.
type ActingHasEnded struct {
	AccountID id.Account `json:"account_id"`
	CompanyID id.Company `json:"company_id"`
	MemberID  id.Member  `json:"member_id"`
}

// EventName is customer.acting_ended.
func (ActingHasEnded) EventName() string { return "customer.acting_ended" }

// Subject is the company.
func (e ActingHasEnded) Subject() string { return e.CompanyID.String() }
