// Package trust holds the tests that treat Kontor as its operator does: as a binary that is started, killed, stopped,
// started twice, backed up and restored, while people work with it over HTTP. It has no code of its own.
//
// Each test says at its head which promise it holds the binary to. What is left to chance comes from a seed that the
// test prints; TRUST_SEED takes it again. TRUST_ROUNDS is how often the process is killed, six times when it is absent.
//
// The journeys of testdata/stories are told here too, on both databases; what their language is stands in
// story_test.go.
package trust
