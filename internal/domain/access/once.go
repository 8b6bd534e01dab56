package access

// Once names one act of a caller, who may ask for it again and wants it carried out once.
type Once struct {
	Act  string // what is asked for: an operation of the API
	Key  string // the caller's name for this one time
	Hash string // of all that was said with it

	kept bool
}

// Doing returns a at work on one act: the first change that it makes is noted with it.
func (a Actor) Doing(o *Once) Actor {
	a.once = o
	return a
}

// Once is the act that a is at work on, and that no change was noted with yet; nil when there is none.
func (a Actor) Once() *Once {
	if a.once == nil || a.once.kept {
		return nil
	}
	return a.once
}

// Kept says that the change was noted, for good.
func (o *Once) Kept() { o.kept = true }
