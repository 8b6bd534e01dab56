package webhook

// Control is the last look at a socket before it connects.
func (g Guard) Control(address string) error { return g.control("tcp", address, nil) }
