package ui

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
)

// colour is a colour of the screen, each part from 0 to 255.
type colour struct{ red, green, blue float64 }

var (
	white = colour{255, 255, 255}
	black = colour{0, 0, 0}
	night = colour{22, 25, 30} // the dark theme's surface
)

// AccentURL is the address of the styles that make a seller's colour the
// accent: "#0f62fe". A strict policy forbids styles in the page itself, so the
// colour stands in the address. Anything but a colour of six digits gives our own.
func AccentURL(hex string) string {
	return AssetsPath + "accent-" + strings.ToLower(strings.TrimPrefix(hex, "#")) + ".css"
}

// IsColour says whether text is a colour of six digits, as AccentURL needs it.
func IsColour(text string) bool {
	_, ok := accentOf(strings.TrimPrefix(AccentURL(text), AssetsPath))
	return ok
}

// accentOf reads the colour back from the name of the styles.
func accentOf(name string) (colour, bool) {
	hex, ok := strings.CutPrefix(name, "accent-")
	if !ok {
		return colour{}, false
	}
	hex, ok = strings.CutSuffix(hex, ".css")
	if !ok || len(hex) != 6 {
		return colour{}, false
	}
	n, err := strconv.ParseUint(hex, 16, 24)
	if err != nil {
		return colour{}, false
	}
	return colour{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}, true
}

func serveAccent(w http.ResponseWriter, c colour) {
	head := w.Header()
	head.Set("Content-Type", contentType("accent.css"))
	head.Set("Cache-Control", "public, max-age=31536000, immutable")
	head.Set("X-Content-Type-Options", "nosniff")
	// The reader who has gone away need not be told.
	_, _ = fmt.Fprint(w, accentStyles(c))
}

// accentStyles are the accent's tokens, each moved as little as is needed to be
// readable where it is used, whatever colour the seller likes.
func accentStyles(c colour) string {
	onLight := c.until(5.6, white, black) // it also stands on its own tint
	onDark := c.until(6, night, white)
	solid := c.until(4.6, white, black)
	return fmt.Sprintf(":root{--accent-light:%s;--accent-dark:%s;--accent-solid:%s}\n", onLight, onDark, solid)
}

// until mixes c with end, step by step, until it stands out from ground by the ratio.
func (c colour) until(ratio float64, ground, end colour) colour {
	for range 50 {
		if contrast(c, ground) >= ratio {
			return c
		}
		c = c.mix(end, 0.05)
	}
	return end
}

func (c colour) mix(other colour, share float64) colour {
	blend := func(a, b float64) float64 { return a + (b-a)*share }
	return colour{blend(c.red, other.red), blend(c.green, other.green), blend(c.blue, other.blue)}
}

// String writes the colour as styles do.
func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(c.red+0.5), int(c.green+0.5), int(c.blue+0.5))
}

// luminance is the relative luminance of WCAG 2.2.
func (c colour) luminance() float64 {
	linear := func(v float64) float64 {
		v /= 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.red) + 0.7152*linear(c.green) + 0.0722*linear(c.blue)
}

// contrast is the ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}
