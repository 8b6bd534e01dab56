package locale_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/date"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

const (
	en = locale.English
	de = locale.German
)

func TestTagsAreRead(t *testing.T) {
	for _, tt := range []struct {
		name, tag string
		want      locale.Language
	}{
		{"a bare language", "de", de},
		{"the region does not count", "de-AT", de},
		{"an underscore does as well", "de_CH.UTF-8", de},
		{"nor does case", "DE", de},
		{"English of any sort", "en-US", en},
		{"what we do not speak is English", "fr", en},
		{"so is nothing", "", en},
		{"so is a word that only begins alike", "den", en},
	} {
		if got := locale.Parse(tt.tag); got != tt.want {
			t.Errorf("%s: Parse(%q) = %q, want %q", tt.name, tt.tag, got, tt.want)
		}
	}
}

func TestTheBrowserSaysWhatItLikes(t *testing.T) {
	for _, tt := range []struct {
		name, header string
		want         locale.Language
	}{
		{"nothing said", "", en},
		{"the first of equals", "de,en", de},
		{"weights count, not order", "en;q=0.5, de;q=0.8", de},
		{"what we lack is passed over", "fr-FR,fr;q=0.9,de-AT;q=0.8,en;q=0.7", de},
		{"no weight is full weight", "de;q=0.9,en", en},
		{"weight nought is a no", "de;q=0", en},
		{"nonsense speaks for nothing", "de;q=much,;;,*", en},
	} {
		if got := locale.Accept(tt.header); got != tt.want {
			t.Errorf("%s: Accept(%q) = %q, want %q", tt.name, tt.header, got, tt.want)
		}
	}
}

func TestSentencesAreSaid(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	half := time.Date(2026, 11, 3, 13, 5, 0, 0, time.UTC).In(berlin)
	for _, tt := range []struct{ name, got, want string }{
		{"English is its own key", en.T("%s and %s", "Ann", "Bob"), "Ann and Bob"},
		{"German is looked up", de.T("%s and %s", "Ann", "Bob"), "Ann und Bob"},
		{"a language we do not speak falls back", locale.Language("fr").T("%s and %s", "Ann", "Bob"), "Ann and Bob"},
		{"so does a sentence without German", de.T("no such sentence %d", 3), "no such sentence 3"},
		{"a percent sign without arguments stands", en.T("100% sure"), "100% sure"},
		{"what tells two senses apart is not shown", en.T("Open||no such sense"), "Open"},
		{"money is written as the language does", de.T("%s", money.Of(-123450, "EUR")), "−1.234,50~€"},
		{"so is a unit price", de.T("%s", money.Rate{E4: 123, Currency: "EUR"}), "0,0123~€"},
		{"so is a quantity", de.T("%s", quantity.Quantity(1500)), "1,5"},
		{"so is a share", de.T("%s", locale.Percent(1900)), "19~%"},
		{"so is a date", de.T("%s", date.Of(2026, 11, 3)), "03.11.2026"},
		{"a time is told in its zone", de.T("%s", half), "03.11.2026, 14:05"},
		{"a phrase within speaks the same language", de.T("%s", locale.Say("just now")), "gerade eben"},
		{"one", en.N(1, "%d day ago", "%d days ago"), "1 day ago"},
		{"none is many", en.N(0, "%d day ago", "%d days ago"), "0 days ago"},
		{"many, in groups", de.N(12345, "%d day ago", "%d days ago"), "vor 12.345 Tagen"},
		{"a form may leave out the number", en.N(1, "a day ago", "%d days ago"), "a day ago"},
		{"and still name something", en.N(1, "an order of %[2]s", "%d orders of %s", "Ann"), "an order of Ann"},
		{"many with a name", en.N(2, "an order of %[2]s", "%d orders of %s", "Ann"), "2 orders of Ann"},
		{"nobody", de.List(), ""},
		{"one name", de.List("Ann"), "Ann"},
		{"three names", de.List("Ann", "Bob", "Cleo"), "Ann, Bob und Cleo"},
		{"one of three", de.Either("Ann", "Bob", "Cleo"), "Ann, Bob oder Cleo"},
		{"one of one", de.Either("Ann"), "Ann"},
	} {
		if got := tied(tt.got); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestFiguresAreWritten(t *testing.T) {
	for _, tt := range []struct{ name, english, german, wantEnglish, wantGerman string }{
		{"a small number", en.Int(7), de.Int(7), "7", "7"},
		{"three digits need no group", en.Int(999), de.Int(999), "999", "999"},
		{"four do", en.Int(-1000), de.Int(-1000), "−1,000", "−1.000"},
		{"the least number", en.Int(math.MinInt64), de.Int(math.MinInt64), "−9,223,372,036,854,775,808", "−9.223.372.036.854.775.808"},
		{"euros", en.Money(money.Of(123450, "EUR")), de.Money(money.Of(123450, "EUR")), "€1,234.50", "1.234,50~€"},
		{"owed the other way", en.Money(money.Of(-5, "EUR")), de.Money(money.Of(-5, "EUR")), "−€0.05", "−0,05~€"},
		{"yen have no cents", en.Money(money.Of(1500, "JPY")), de.Money(money.Of(1500, "JPY")), "¥1,500", "1.500~¥"},
		{"dinars have three decimals", en.Money(money.Of(1500, "KWD")), de.Money(money.Of(1500, "KWD")), "KWD~1.500", "1,500~KWD"},
		{"francs go by their code", en.Money(money.Of(-100, "CHF")), de.Money(money.Of(-100, "CHF")), "−CHF~1.00", "−1,00~CHF"},
		{"no money at all", en.Money(money.Money{}), de.Money(money.Money{}), "0.00", "0,00"},
		{"the figure alone", en.Amount(money.Of(123450, "EUR")), de.Amount(money.Of(123450, "EUR")), "1,234.50", "1.234,50"},
		{"a unit price keeps its four decimals", en.Rate(money.Rate{E4: 10123, Currency: "USD"}), de.Rate(money.Rate{E4: 10123, Currency: "USD"}), "$1.0123", "1,0123~$"},
		{"but not idle ones", en.Rate(money.Rate{E4: 123000, Currency: "EUR"}), de.Rate(money.Rate{E4: 123000, Currency: "EUR"}), "€12.30", "12,30~€"},
		{"a quantity", en.Quantity(1500250), de.Quantity(1500250), "1,500.25", "1.500,25"},
		{"a whole share", en.Percent(1900), de.Percent(1900), "19%", "19~%"},
		{"a broken share", en.Percent(-1255), de.Percent(-1255), "−12.55%", "−12,55~%"},
	} {
		if e, g := tied(tt.english), tied(tt.german); e != tt.wantEnglish || g != tt.wantGerman {
			t.Errorf("%s: %q and %q, want %q and %q", tt.name, e, g, tt.wantEnglish, tt.wantGerman)
		}
	}
}

func TestTypedFiguresAreRead(t *testing.T) {
	for _, tt := range []struct {
		name, typed, english, german string
	}{
		{"plain", "1234", "1234", "1234"},
		{"English grouping", "1,234.50", "1234.50", "1,234.50"},
		{"German grouping", "1.234,50", "1.234,50", "1234.50"},
		{"a German comma", "12,5", "12,5", "12.5"},
		{"a dot means what the language means by it", "1.234", "1.234", "1234"},
		{"groups of three only", "12.34.567", "12.34.567", "12.34.567"},
		{"a dot that cannot group is left to the reader", "12.50", "12.50", "12.50"},
		{"a first group of four is none", "1234.567,1", "1234.567,1", "1234.567,1"},
		{"a negative one, as we write it", "−1.234,50", "−1.234,50", "-1234.50"},
		{"blanks around", " 7 ", "7", "7"},
		{"nothing", "", "", ""},
		{"a word", "ten", "ten", "ten"},
		{"a point without decimals", "1,", "1,", "1,"},
	} {
		if e, g := en.Plain(tt.typed), de.Plain(tt.typed); e != tt.english || g != tt.german {
			t.Errorf("%s: %q is %q in English and %q in German, want %q and %q", tt.name, tt.typed, e, g, tt.english, tt.german)
		}
	}
}

// What we write, we read.
func TestWrittenFiguresReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(locale.Languages()).Draw(t, "language")
		m := money.Of(rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "minor"), "EUR")
		if back, err := money.Parse(l.Plain(l.Amount(m)), "EUR"); err != nil || back != m {
			t.Fatalf("%s written %q reads back as %s, %v", m, l.Amount(m), back, err)
		}
	})
}

func TestDatesAreWritten(t *testing.T) {
	berlin, newfoundland := zone(t, "Europe/Berlin"), zone(t, "America/St_Johns")
	at := time.Date(2026, 11, 3, 23, 5, 9, 0, time.UTC)
	summer := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ name, english, german, wantEnglish, wantGerman string }{
		{"no day", en.Date("") + en.LongDate("") + en.Month(""), de.Date(""), "", ""},
		{"the date of a moment is that of the zone", en.Date(date.On(at, berlin)), de.Date(date.On(at, berlin)), "4 Nov 2026", "04.11.2026"},
		{"not of UTC", en.Date(date.On(at, time.UTC)), de.Date(date.On(at, time.UTC)), "3 Nov 2026", "03.11.2026"},
		{"in words", en.LongDate("2026-11-04"), de.LongDate("2026-11-04"), "4 November 2026", "4. November 2026"},
		{"a month", en.Month("2026-03-29"), de.Month("2026-03-29"), "March 2026", "März 2026"},
		{"a time of day", en.Clock(at, berlin), de.Clock(at, berlin), "00:05", "00:05"},
		{"a date and time", en.DateTime(at, berlin), de.DateTime(at, berlin), "4 Nov 2026, 00:05", "04.11.2026, 00:05"},
		{"a moment", en.Moment(at, berlin), de.Moment(at, berlin), "Wednesday, 4 November 2026, 00:05 (UTC+1)", "Mittwoch, 4. November 2026, 00:05 Uhr (UTC+1)"},
		{"in summer time", en.Moment(summer, berlin), de.Moment(summer, berlin), "Sunday, 29 March 2026, 03:00 (UTC+2)", "Sonntag, 29. März 2026, 03:00 Uhr (UTC+2)"},
		{"half an hour off", en.Moment(at, newfoundland), de.Moment(at, newfoundland), "Tuesday, 3 November 2026, 19:35 (UTC−3:30)", "Dienstag, 3. November 2026, 19:35 Uhr (UTC−3:30)"},
		{"in UTC", en.Moment(at, time.UTC), de.Moment(at, time.UTC), "Tuesday, 3 November 2026, 23:05 (UTC)", "Dienstag, 3. November 2026, 23:05 Uhr (UTC)"},
	} {
		if e, g := tied(tt.english), tied(tt.german); e != tt.wantEnglish || g != tt.wantGerman {
			t.Errorf("%s: %q and %q, want %q and %q", tt.name, e, g, tt.wantEnglish, tt.wantGerman)
		}
	}
}

func TestHowLongAgo(t *testing.T) {
	now := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for _, tt := range []struct {
		span            time.Duration
		english, german string
	}{
		{0, "just now", "gerade eben"},
		{59 * time.Second, "just now", "gerade eben"},
		{-59 * time.Second, "just now", "gerade eben"},
		{time.Minute, "1 minute ago", "vor 1 Minute"},
		{59*time.Minute + 59*time.Second, "59 minutes ago", "vor 59 Minuten"},
		{time.Hour, "1 hour ago", "vor 1 Stunde"},
		{3 * time.Hour, "3 hours ago", "vor 3 Stunden"},
		{day, "1 day ago", "vor 1 Tag"},
		{30 * day, "30 days ago", "vor 30 Tagen"},
		{31 * day, "1 month ago", "vor 1 Monat"},
		{364 * day, "11 months ago", "vor 11 Monaten"},
		{365 * day, "1 year ago", "vor 1 Jahr"},
		{3000 * day, "8 years ago", "vor 8 Jahren"},
		{-time.Minute, "in 1 minute", "in 1 Minute"},
		{-5 * time.Hour, "in 5 hours", "in 5 Stunden"},
		{-2 * day, "in 2 days", "in 2 Tagen"},
		{-70 * day, "in 2 months", "in 2 Monaten"},
		{-800 * day, "in 2 years", "in 2 Jahren"},
	} {
		at := now.Add(-tt.span)
		if e, g := en.Ago(at, now), de.Ago(at, now); e != tt.english || g != tt.german {
			t.Errorf("%s: %q and %q, want %q and %q", tt.span, e, g, tt.english, tt.german)
		}
	}
}

func TestPhrasesAreKept(t *testing.T) {
	at := time.Date(2026, 11, 3, 13, 5, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		phrase locale.Phrase
		german string
	}{
		{"nothing", locale.Phrase{}, ""},
		{"a sentence", locale.Say("just now"), "gerade eben"},
		{"text", locale.Say("%s and %s", "Ann", "Bob"), "Ann und Bob"},
		{"a number", locale.Say("%d", 12), "12"},
		{"money", locale.Say("%s", money.Of(1250, "EUR")), "12,50~€"},
		{"a unit price", locale.Say("%s", money.Rate{E4: 123, Currency: "EUR"}), "0,0123~€"},
		{"a quantity", locale.Say("%s", quantity.Quantity(1500)), "1,5"},
		{"a share", locale.Say("%s", locale.Percent(850)), "8,5~%"},
		{"a date", locale.Say("%s", date.Of(2026, 11, 3)), "03.11.2026"},
		{"no date", locale.Say("%s", date.Date("")), ""},
		{"a time", locale.Say("%s", at), "03.11.2026, 13:05"},
		{"a phrase in a phrase", locale.Say("%s and %s", locale.Say("just now"), "Bob"), "gerade eben und Bob"},
		{"a count of one", locale.Count(1, "%d day ago", "%d days ago"), "vor 1 Tag"},
		{"a count of many", locale.Count(5000, "%d day ago", "%d days ago"), "vor 5.000 Tagen"},
		{"what a person typed is not translated", locale.Verbatim("just now"), "just now"},
		{"nor taken for a format", locale.Verbatim("100 %d"), "100 %d"},
	} {
		text, err := json.Marshal(tt.phrase)
		if err != nil {
			t.Fatal(err)
		}
		var back locale.Phrase
		if err := json.Unmarshal(text, &back); err != nil {
			t.Errorf("%s: %s: %v", tt.name, text, err)
		}
		if now, later := tt.phrase.In(de), back.In(de); tied(now) != tt.german || later != now {
			t.Errorf("%s: %q now and %q from %s, want %q", tt.name, now, later, text, tt.german)
		}
	}
}

func TestPhrasesTravel(t *testing.T) {
	inner := locale.Say("%s", time.Date(2026, 11, 3, 13, 5, 0, 0, time.UTC))
	moved := locale.Say("%s and %s", inner, "Bob").At(zone(t, "Europe/Berlin"))
	if got := moved.In(en); got != "3 Nov 2026, 14:05 and Bob" {
		t.Error(got)
	}
	if got := inner.In(en); got != "3 Nov 2026, 13:05" {
		t.Error("the phrase itself was moved:", got)
	}
}

func TestBrokenPhrasesAreRefused(t *testing.T) {
	for _, text := range []string{
		`[]`,
		`{"format":"%s","args":[{}]}`,
		`{"format":"%s","args":[{"money":"12,5","currency":"EUR"}]}`,
		`{"format":"%s","args":[{"date":"3.11.2026"}]}`,
		`{"format":"%d day ago","many":"%d days ago"}`,
		`{"format":"%d day ago","many":"%d days ago","args":[{"text":"1"}]}`,
	} {
		var p locale.Phrase
		if err := json.Unmarshal([]byte(text), &p); !errors.Is(err, locale.ErrPhrase) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// tied shows spaces that do not break as tildes.
func tied(s string) string { return strings.ReplaceAll(s, "\u00a0", "~") }

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}
