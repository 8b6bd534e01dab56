package view

import "kontor/internal/base/id"

// Broken is a row that breaks a law of the tables.
type Broken struct {
	Company id.Company // whose it is; zero: nobody's
	Row     string     // the row's identifier, or what else it is known by
	Named   string     // the identifier of what it names, or what it says; empty where the law is about neither
	Owner   id.Company // of another company: whose it is that it names
}

// Found is told what is wrong: a sentence, and of how many rows it tells.
type Found func(rows int64, sentence string)

// Claims is a row that names things in its texts.
type Claims struct {
	Company id.Company
	Row     string
	Key     []string // by which the rows behind it are found
	Texts   []string // JSON, identifiers, or paths with identifiers
}
