// Package arch has no code: its tests hold the house to docs/house.md.
package arch
