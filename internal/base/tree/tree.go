// Package tree says where a unit or a member stands in the structure of its company.
//
// A Path is the chain of labels from the top of the structure down to a node, each label followed by a
// dot: "1.4.2c.". A label is a number in base 36, given once per node and company and never again. So "is
// below" is "starts with", and "the whole subtree" is one range of text, on either database:
//
//	path >= '1.4.' and path < '1.4/'
package tree

import (
	"strconv"
	"strings"
)

// Path is where a node stands. The empty path is the whole company: above every node.
type Path string

// Top is above every node: the whole company.
const Top Path = ""

// Child is the path of the node with this label, which is not below zero, below p.
func (p Path) Child(label int64) Path { return p + Path(strconv.FormatInt(label, 36)) + "." }

// Covers reports whether q is p or stands below it.
func (p Path) Covers(q Path) bool { return len(q) >= len(p) && q[:len(p)] == p }

// Above reports whether q stands below p and is not p.
func (p Path) Above(q Path) bool { return len(q) > len(p) && q[:len(p)] == p }

// Parent is the path of the node above, Top for the highest.
func (p Path) Parent() Path {
	if p == Top {
		return Top
	}
	i := strings.LastIndexByte(string(p[:len(p)-1]), '.')
	return p[:i+1]
}

// Ancestors lists the nodes above p, nearest first; p and Top are not among them.
func (p Path) Ancestors() []Path {
	var all []Path
	for q := p.Parent(); q != Top; q = q.Parent() {
		all = append(all, q)
	}
	return all
}

// Depth is how many nodes the path has: 0 for Top.
func (p Path) Depth() int { return strings.Count(string(p), ".") }

// End is the first text behind the subtree of p: for a range in SQL. A dot is followed by a slash.
func (p Path) End() Path {
	if p == Top {
		return "~"
	}
	return p[:len(p)-1] + "/"
}

// Parse reads a path as the database keeps it: each node has one way to be written, in lower case without leading zeros.
func Parse(s string) (Path, bool) {
	for rest := s; rest != ""; {
		label, tail, ok := strings.Cut(rest, ".")
		n, err := strconv.ParseInt(label, 36, 64)
		if !ok || err != nil || n < 0 || strconv.FormatInt(n, 36) != label {
			return "", false
		}
		rest = tail
	}
	return Path(s), true
}
