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
	MostVAT          = 30  // a VAT ID as people write it, with blanks and dots
	MostCurrency     = 3   // ISO 4217
	MostCountry      = 2   // ISO 3166
	MostSum          = 30  // an amount as it is typed
	MostSearch       = 200 // what is looked for
	MostIdentifier   = 60  // of ours, as it is sent
	MostLink         = 200 // the secret of a link that works once
	MostEvent        = 80  // the name of an event, or the code of a permission
	MostLanguage     = 10
	MostDay          = 10 // of the calendar
	MostCursor       = 2000
)
