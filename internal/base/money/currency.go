package money

import (
	"strings"

	"kontor/internal/base/fault"
)

// Currency is an ISO 4217 code.
type Currency string

// active are the codes of ISO 4217 that are in use and have a minor unit: no gold, no units of account, no codes for tests. A
// currency that comes or goes is a change of this line, and of the table against which the test holds it.
const active = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD " +
	"CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP " +
	"GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR " +
	"KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN " +
	"MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD " +
	"SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX " +
	"USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"

// Digits is how many decimals the currency has, after ISO 4217: EUR 2, JPY 0, KWD 3.
func (c Currency) Digits() int {
	switch c {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	case "CLF", "UYW":
		return 4
	}
	return 2
}

var (
	// ErrCurrencyCode is the fault of a currency code that is none.
	ErrCurrencyCode = fault.Define(fault.Invalid, "money.currency_code", "a currency is three capital letters, like EUR")
	// ErrNoCurrency is the fault of a code that no currency has.
	ErrNoCurrency = fault.Define(fault.Invalid, "money.no_currency", "no currency has this code: take one of ISO 4217, like EUR, USD or CHF")
)

// ParseCurrency reads the code of a currency that there is.
func ParseCurrency(s string) (Currency, error) {
	c := Currency(s)
	switch {
	case !c.Formed():
		return "", ErrCurrencyCode
	case !c.Active():
		return "", ErrNoCurrency.With("no currency has the code %s: take one of ISO 4217, like EUR, USD or CHF", s)
	}
	return c, nil
}

// Formed reports whether c looks like a code. So does one that ISO 4217 has withdrawn: what was kept in it stays readable.
func (c Currency) Formed() bool {
	return len(c) == 3 && strings.Trim(string(c), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// Active reports whether there is a currency of this code today.
func (c Currency) Active() bool {
	return c.Formed() && strings.Contains(active, string(c))
}
