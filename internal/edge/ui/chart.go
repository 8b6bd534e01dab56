package ui

import (
	"strconv"
	"strings"
)

// number writes a whole number for an attribute.
func number(n int64) string { return strconv.FormatInt(n, 10) }

// coordinate writes a place in a drawing, to a hundredth.
func coordinate(f float64) string {
	return strings.TrimSuffix(strings.TrimSuffix(strconv.FormatFloat(f, 'f', 2, 64), "0"), ".0")
}

// share is part of whole in hundredths of it, between 0 and 100.
func share(part, whole int64) string {
	if whole <= 0 {
		return "0"
	}
	return coordinate(100 * float64(min(max(part, 0), whole)) / float64(whole))
}

// sparkLine draws values over a width of 100 and a height of 28.
func sparkLine(values []int64) string {
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	var path strings.Builder
	for i, v := range values {
		x := 100 * float64(i) / float64(len(values)-1)
		y := 14.0
		if high > low {
			y = 26 - 24*float64(v-low)/float64(high-low)
		}
		path.WriteString(step(i, x, y))
	}
	return path.String()
}

func sparkArea(values []int64) string { return sparkLine(values) + "L100 28L0 28Z" }

// step goes to a place: the first time without drawing.
func step(i int, x, y float64) string {
	letter := "L"
	if i == 0 {
		letter = "M"
	}
	return letter + coordinate(x) + " " + coordinate(y)
}

// Point is one value of a series.
type Point struct {
	At    int64  // the value, in the chart's unit
	Text  string // the same for people: "1.234 €"
	Blank bool   // nothing is known here: the line breaks
}

// Look is how a series is drawn.
type Look string

// The looks. The zero value is a line in the accent colour.
const (
	Solid  Look = ""
	Filled Look = "filled" // a line with its area
	Dashed Look = "dashed" // a forecast
	Faint  Look = "faint"  // what it is compared with
	Limit  Look = "limit"  // a ceiling
	Stairs Look = "stairs" // holds its value until the next: prices by quantity
)

// Series is one line of a Chart. It has one point for each of the chart's places.
type Series struct {
	Label  string
	Look   Look
	Points []Point
}

// Tick is a mark on the vertical axis.
type Tick struct {
	At    int64
	Label string
}

// Chart is a small drawing of few lines over the same places, with a table of
// the same figures for whoever would rather read. Values are whole numbers of
// any one unit.
type Chart struct {
	Name   string // id
	Title  string
	Said   string   // what it shows, in a sentence
	Places []string // labels of the horizontal axis, in order
	Series []Series
	Ticks  []Tick // of the vertical axis, in any order; the drawing reaches from zero to the highest
	Today  int    // place at which today is marked; 0 for none
	Low    bool   // half as high: beside other things
}

// side is the length of both sides of a drawing, which is stretched to the place it gets.
const side = 1000.0

// top is the value at the upper edge.
func (c Chart) top() int64 {
	high := int64(1)
	for _, s := range c.Series {
		for _, p := range s.Points {
			high = max(high, p.At)
		}
	}
	for _, t := range c.Ticks {
		high = max(high, t.At)
	}
	return high
}

func (c Chart) x(place int) float64 {
	return side * float64(place) / float64(max(len(c.Places)-1, 1))
}

func (c Chart) y(value int64) float64 {
	return side - side*float64(max(value, 0))/float64(c.top())
}

func (c Chart) line(s Series) string {
	var path strings.Builder
	drawn, last := 0, 0.0
	for i, p := range s.Points {
		if p.Blank {
			drawn = 0
			continue
		}
		x, y := c.x(i), c.y(p.At)
		if s.Look == Stairs && drawn > 0 {
			path.WriteString(step(1, x, last))
		}
		path.WriteString(step(drawn, x, y))
		drawn, last = drawn+1, y
	}
	return path.String()
}

// area closes the line down to zero; it is drawn for series without blanks at their start.
func (c Chart) area(s Series) string {
	end := 0
	for i, p := range s.Points {
		if !p.Blank {
			end = i
		}
	}
	return c.line(s) + step(1, c.x(end), side) + step(1, 0, side) + "Z"
}

// labelled says whether a place is labelled: about seven of them are, the last one always.
func (c Chart) labelled(place int) bool {
	every := max(1, (len(c.Places)+6)/7)
	last := len(c.Places) - 1
	return place == last || place%every == 0 && last-place >= every
}

// anchor keeps the first and the last label inside the drawing.
func (c Chart) anchor(place int) string {
	switch place {
	case 0:
		return "start"
	case len(c.Places) - 1:
		return "end"
	default:
		return "middle"
	}
}

func (c Chart) name() string {
	if c.Name != "" {
		return c.Name
	}
	return stableName("chart", c.Title, c.Said)
}
