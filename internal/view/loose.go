package view

// Loose is what is unfinished or risky in a company: how many there are of each. What one may not look after is 0.
type Loose struct {
	Roleless    int64 // active members without a role
	Lapsed      int64 // invitations that expired
	Overdrawn   int64 // budgets with more spent and held than their limit, in the current period
	Nearly      int64 // budgets of whose limit at least nine tenths are spent and held, in the current period, and not more than all
	Nobody      int64 // rules, switched on, with a source that finds nobody, where another is not enough
	Undecidable int64 // purchase orders that wait, and nobody is asked
	Stopped     int64 // webhooks that took nothing, and were stopped
}
