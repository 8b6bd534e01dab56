// Package web is what every HTTP edge shares.
//
// A Mux knows the routes and what each asks of its caller; an Edge stands before it and does for every request
// what no handler should have to think of: it gives the request a number, says who asks, bounds what is read
// and how often, refuses what another site sent, compresses the answer, survives a panic, counts and logs. A
// Server listens. An API describes and checks the JSON operations; Fail is how all of them say no.
//
// What a handler needs of its request it finds by the request's context: Actor, Language, RequestID. It sets
// a session by StartSession, streams by Stream, and reads input by Form, JSON, IfMatch and IdempotencyKey.
//
// This is the only place where a kind of fault meets a status, and where a token of a session or of a machine
// is seen. Whose token it is, the Recogniser says.
package web
