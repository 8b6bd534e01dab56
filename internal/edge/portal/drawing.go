package portal

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/view"
)

const (
	treeName = "structure" // the id of the tree
	top      = -1          // stands above what has nothing above it

	portionOf  = 100 // how much of what stands right below one node is shown at once
	atFirst    = 80  // how many rows are unfolded at first, …
	deepFirst  = 3   // … and how deep,
	unfolded   = 600 // and how many by "unfold all"
	mostSought = 200 // how much of what a search finds is shown
)

// drawing is the structure of which a page shows a part: what is unfolded, or what was looked for with all above it.
type drawing struct {
	v      *visit
	nodes  []view.Node
	below  map[int][]int // by what stands right above, in the order of drawing
	guests map[string][]ui.Node
	open   map[string]bool // by mark
	shown  map[string]int  // how many right below a node, where they are more than a portion
	keep   []bool          // when something was looked for: what was found, and all above it
	q      string
	at     string     // the key of the node that is pointed at
	moved  *view.Node // what a place is being chosen for
	found  int
	note   string
}

// drawing reads from the address what of the structure is to be shown: open has the marks of what is unfolded, show how
// many rows of a long branch, q what is looked for, at what is pointed at, and move what is to be put elsewhere.
func (v *visit) drawing(nodes []view.Node, guests map[string][]ui.Node) *drawing {
	d := &drawing{v: v, nodes: nodes, below: map[int][]int{}, guests: guests, open: map[string]bool{}, shown: map[string]int{}, q: v.query("q"), at: v.query("at")}
	var above []int // of the node looked at, from the top
	for i, n := range nodes {
		above = above[:n.Depth]
		up := top
		if n.Depth > 0 {
			up = above[n.Depth-1]
		}
		d.below[up] = append(d.below[up], i)
		above = append(above, i)
	}
	if i := d.find(v.query("move")); i != top && d.movable(nodes[i]) {
		d.moved = &nodes[i]
	}
	switch open := v.query("open"); open {
	case "":
		d.unfold(deepFirst, atFirst)
	case "all":
		if left := d.unfold(len(nodes), unfolded); left {
			d.note = v.T("It is unfolded as far as %d rows go; the search finds everything.", unfolded)
		}
	default:
		for mark := range strings.SplitSeq(open, ".") {
			d.open[mark] = true
		}
	}
	for _, s := range v.r.URL.Query()["show"] {
		mark, text, _ := strings.Cut(s, "-")
		if n, err := strconv.Atoi(text); err == nil && n > portionOf {
			d.shown[mark] = n
		}
	}
	if i := d.find(d.at); i != top {
		d.pointAt(i)
	}
	if d.q != "" {
		d.seek()
	}
	return d
}

// find is where the node with this key is; top when there is none.
func (d *drawing) find(key string) int {
	if key == "" {
		return top
	}
	return slices.IndexFunc(d.nodes, func(n view.Node) bool { return nodeKey(n) == key })
}

// markOf is what the address calls a node: its label in the structure, which it keeps wherever it is moved.
func markOf(n view.Node) string {
	return strings.TrimSuffix(string(n.Path[len(n.Path.Parent()):]), ".")
}

// unfold opens so many levels, one after the other, while the rows stay below a bound. It reports whether any had to
// stay folded.
func (d *drawing) unfold(levels, most int) (left bool) {
	row := d.below[top]
	rows := min(len(row), portionOf)
	for level := 0; level < levels && len(row) > 0; level++ {
		var next []int
		for _, i := range row {
			more := min(len(d.below[i]), portionOf)
			if more > 0 && rows+more > most {
				left = true
				continue
			}
			rows += more
			d.open[markOf(d.nodes[i])] = true
			next = append(next, d.below[i][:more]...)
		}
		row = next
	}
	return left
}

// pointAt opens all above a node, far enough that it is shown.
func (d *drawing) pointAt(i int) {
	for up := i; ; {
		depth := d.nodes[up].Depth
		over := top
		for k := up - 1; k >= 0 && depth > 0; k-- {
			if d.nodes[k].Depth < depth {
				over = k
				break
			}
		}
		mark := ""
		if over != top {
			mark = markOf(d.nodes[over])
			d.open[mark] = true
		}
		if place := slices.Index(d.below[over], up) + 1; place > portionOf {
			d.shown[mark] = max(d.shown[mark], place)
		}
		if over == top {
			return
		}
		up = over
	}
}

// seek keeps what is looked for, and all above it.
func (d *drawing) seek() {
	d.keep = make([]bool, len(d.nodes))
	q := strings.ToLower(d.q)
	var above []int
	for i, n := range d.nodes {
		above = append(above[:n.Depth], i)
		if !strings.Contains(strings.ToLower(n.Name+" "+n.Code+" "+n.Title), q) {
			continue
		}
		if d.found++; d.found > mostSought {
			continue
		}
		for _, k := range above {
			d.keep[k] = true
		}
	}
	if d.found > mostSought {
		d.note = d.v.T("The first %d are shown.", mostSought)
	}
}

// counted says how many there are, or how many were found.
func (d *drawing) counted() string {
	if d.q != "" {
		return d.v.N(d.found, "%d found", "%d found")
	}
	people := 0
	for _, n := range d.nodes {
		if n.Kind == company.MemberNode {
			people++
		}
	}
	return d.v.N(people, "%d member", "%d members") + " · " + d.v.N(len(d.nodes)-people, "%d unit", "%d units")
}

// kept are the nodes right below one that the page has.
func (d *drawing) kept(above int) []int {
	if d.keep == nil {
		return d.below[above]
	}
	var kept []int
	for _, i := range d.below[above] {
		if d.keep[i] {
			kept = append(kept, i)
		}
	}
	return kept
}

// list draws what stands right below a node, from one place on, and says what is left.
func (d *drawing) list(above, from int) (list []ui.Node, rest ui.Rest) {
	all := d.kept(above)
	mark, key := "", ""
	if above != top {
		mark, key = markOf(d.nodes[above]), nodeKey(d.nodes[above])
	}
	end := from + portionOf
	if from == 0 {
		end = max(end, d.shown[mark])
	}
	if d.keep != nil {
		end = len(all)
	}
	from, end = min(from, len(all)), min(end, len(all))
	for _, i := range all[from:end] {
		list = append(list, d.node(i))
	}
	if left := len(all) - end; left > 0 {
		more := min(left, portionOf)
		rest = ui.Rest{Label: d.v.T("Show %d more of %d", more, left), Load: d.load(key, end), URL: d.page(mark, end+more)}
		return list, rest
	}
	return append(list, d.guests[key]...), rest
}

// node draws one node, and what is unfolded below it.
func (d *drawing) node(i int) ui.Node {
	n := d.nodes[i]
	mark, key := markOf(n), nodeKey(n)
	u := ui.Node{Key: key, Mark: mark, Label: n.Name, Note: n.Title, URL: "/members/" + n.Member.String(), Person: ui.Person{Name: n.Name}, People: n.People, Sought: d.q, Current: key == d.at}
	if n.Status == company.Invited {
		u.Meta = d.v.memberState(n.Status, true)
	}
	if n.Kind == company.UnitNode {
		u.Person, u.Icon, u.Note, u.URL = ui.Person{}, ui.IconStructure, n.Code, "/units/"+n.Unit.String()
		u.Meta = ui.Text(d.v.N(n.People, "%d member", "%d members"))
	}
	u.Receives = d.v.actor.May(access.UsersManage, n.Path)
	switch {
	case d.moved == nil:
		if u.Movable = d.movable(n); u.Movable {
			u.MoveURL = "/structure?move=" + key
		}
	case d.moved.Path.Covers(n.Path):
		u.Refuses = true
	case u.Receives:
		u.Put = ui.Put{Form: "moving", Label: d.v.T("Put it here")}
	}
	kept := d.kept(i)
	switch {
	case d.keep != nil && len(kept) > 0, d.open[mark] && d.keep == nil:
		u.Open = true
		u.Nodes, u.Rest = d.list(i, 0)
	case n.Below > 0 || len(d.guests[key]) > 0:
		u.Rest = ui.Rest{Label: d.v.T("Show what is below"), Load: d.load(key, 0), URL: d.page(mark, 0)}
	}
	return u
}

// movable is whether the reader may move a node.
func (d *drawing) movable(n view.Node) bool {
	return n.Path.Depth() > 1 && n.Member != d.v.actor.Member && d.v.actor.May(access.UsersManage, n.Path.Parent())
}

// load is what answers what stands below a node, from one place on.
func (d *drawing) load(key string, from int) string {
	q := url.Values{"node": {key}}
	if from > 0 {
		q.Set("from", strconv.Itoa(from))
	}
	if d.moved != nil {
		q.Set("move", nodeKey(*d.moved))
	}
	return withQuery("/structure/below", q)
}

// page is the page as it is, with a branch open as well, or with so much of it.
func (d *drawing) page(mark string, show int) string {
	q := url.Values{}
	open := []string{mark}
	for m := range d.open {
		if m != mark {
			open = append(open, m)
		}
	}
	slices.Sort(open)
	q.Set("open", strings.Trim(strings.Join(open, "."), "."))
	for m, n := range d.shown {
		if m != mark {
			q.Add("show", m+"-"+strconv.Itoa(n))
		}
	}
	slices.Sort(q["show"])
	if show > 0 {
		q.Add("show", mark+"-"+strconv.Itoa(show))
	}
	if d.moved != nil {
		q.Set("move", nodeKey(*d.moved))
	}
	return withQuery("/structure", q)
}
