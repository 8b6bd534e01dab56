// Package id names every kind of identifier that the platform gives out.
//
// In the tables an identifier is a UUIDv7 (RFC 9562): milliseconds first, then the fraction of the
// millisecond, then chance, so that it sorts by its making. Outside it is its kind's prefix and the same
// 128 bits in Crockford's base 32: ord_01jd8w5yh2f0r8k3m1c9s6t4v7. A stray one in a log says what it is, and
// one of another kind does not compile.
package id

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"kontor/internal/base/fault"
)

// Of is an identifier of one kind. The zero Of names nothing.
type Of[K kind] struct{ u uuid.UUID }

type kind interface{ prefix() string }

// ErrMalformed is the fault of a text that is no identifier of the kind asked for.
var ErrMalformed = fault.Define(fault.Invalid, "id.malformed", "this is no identifier of the kind asked for")

func fresh[K kind](at time.Time) Of[K] {
	var u uuid.UUID
	if _, err := rand.Read(u[8:]); err != nil {
		panic(err) // crypto/rand never fails on a system that Go supports
	}
	binary.BigEndian.PutUint64(u[:8], uint64(at.UnixMilli())<<16)
	fraction := uint16(at.Nanosecond() % 1_000_000 * 4096 / 1_000_000)
	u[6], u[7] = 0x70|byte(fraction>>8), byte(fraction)
	u[8] = 0x80 | u[8]&0x3f
	return Of[K]{u}
}

func parse[K kind](s string) (Of[K], error) {
	var k K
	digits, ok := strings.CutPrefix(s, k.prefix()+"_")
	u, fine := decode(digits)
	if !ok || !fine {
		return Of[K]{}, ErrMalformed.With("this is no identifier of the kind asked for: such a one begins with %q, and Kontor has given it out", k.prefix()+"_")
	}
	return Of[K]{u}, nil
}

// IsZero reports whether o names nothing.
func (o Of[K]) IsZero() bool { return o.u == uuid.Nil }

// String is the identifier as it is known outside; "" for the zero value.
func (o Of[K]) String() string {
	if o.IsZero() {
		return ""
	}
	var k K
	return k.prefix() + "_" + encode(o.u)
}

// UUID is the identifier as the tables know it.
func (o Of[K]) UUID() string { return o.u.String() }

// Less orders identifiers by their making.
func (o Of[K]) Less(p Of[K]) bool { return string(o.u[:]) < string(p.u[:]) }

// MarshalText and UnmarshalText carry the outside form through JSON.
func (o Of[K]) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the outside form; empty text is the zero value.
func (o *Of[K]) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*o = Of[K]{}
		return nil
	}
	*o, err = parse[K](string(b))
	return err
}

// Value gives the tables a UUID, or null for the zero value.
func (o Of[K]) Value() (driver.Value, error) {
	if o.IsZero() {
		return nil, nil
	}
	return o.u.String(), nil
}

// Scan reads a UUID from the tables; null is the zero value.
func (o *Of[K]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*o = Of[K]{}
		return nil
	case string:
		u, err := uuid.Parse(v)
		o.u = u
		return err
	case []byte:
		*o = Of[K]{}
		return o.u.Scan(v)
	case [16]byte:
		o.u = v
		return nil
	}
	return fmt.Errorf("id: cannot read a %T", v)
}

// Crockford's base 32, lower case.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

func encode(u uuid.UUID) string {
	var out [26]byte
	hi, lo := binary.BigEndian.Uint64(u[:8]), binary.BigEndian.Uint64(u[8:])
	for i := 25; i >= 0; i-- {
		out[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}

func decode(s string) (u uuid.UUID, ok bool) {
	if len(s) != 26 || s[0] > '7' {
		return u, false
	}
	var hi, lo uint64
	for i := range len(s) {
		v := strings.IndexByte(alphabet, s[i])
		if v < 0 {
			return u, false
		}
		hi = hi<<5 | lo>>59
		lo = lo<<5 | uint64(v)
	}
	binary.BigEndian.PutUint64(u[:8], hi)
	binary.BigEndian.PutUint64(u[8:], lo)
	return u, u != uuid.Nil
}
