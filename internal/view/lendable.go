package view

import "kontor/internal/base/id"

// Lendable is somebody whom a company above can lend.
type Lendable struct {
	Home       id.Company // the company above
	HomeNumber string
	HomeName   string
	Member     id.Member // as that company knows them
	Account    id.Account
	Email      string
	Name       string
	Title      string

	Words string // what the list is ordered and searched by
}

// Lent is somebody whom a company above lends, and who acts where they are lent to.
type Lent struct {
	Company id.Company // where they are lent to
	Number  string
	Name    string
	Member  id.Member  // as that company knows them
	Home    id.Company // the company above
	There   id.Member  // as that one knows them
}
