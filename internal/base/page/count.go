package page

// CountMost is how many of something are counted: who has more than a thousand is helped by a filter, not by the figure, and
// to count on would take longer than the page.
const CountMost = 1000

// Count is how many there are, as far as they were counted.
type Count struct {
	N    int64
	More bool // there are more than N
}

// Uncounted is how many there are where nobody counted: more than none, for all that is known.
func Uncounted() Count { return Count{More: true} }

// Counted is what it means that so many were found when at most CountMost + 1 were looked for.
func Counted(n int64) Count { return Count{min(n, CountMost), n > CountMost} }
