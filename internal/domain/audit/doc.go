// Package audit is what is worth remembering, and that it was remembered.
//
// # What it is
//
// An Event is something that has happened. Telling one writes an Entry, and a row that others are told from.
// Entries of a company are chained when they are sealed: each hash covers the entry and the hash before it,
// so one that is changed or missing is found.
//
// # Words
//
// Subject: what the event is about, by its outside identifier. Place: an entry's number in its company's
// chain. Sealed: has its place. Checkpoint: a place and its hash, kept where nobody who can change the tables can
// change it.
//
// # Always true
//
// Entries are only added. A hash covers every field of its entry but the place and hash themselves, which it
// extends. What was refused left no entry.
//
// # Not here
//
// Who may read entries (access), who is told of events (notice, exchange).
package audit
