package text

// How many characters what people write may have. The rules, the pages and the description of the API take them from here,
// so that none of them lets through what another refuses.
const (
	MostName         = 120 // of a company, a unit, an address, a contact
	MostPerson       = 60  // a first or a last name
	MostTitle        = 120 // what somebody is there
	MostEmail        = 254 // RFC 5321
	MostPhone        = 40  // with its country and extension
	MostNumber       = 40  // of an employee, a customer, a reseller
	MostCode         = 40  // of a unit or a cost centre
	MostExternal     = 80  // what another system knows something by
	MostRegistration = 60  // in a commercial register
	MostPlace        = 120 // a line of an address
	MostPostcode     = 20
	MostPassword     = 200
	MostWebhook      = 80 // its name
	MostURL          = 2000
)
