package portal_test

import (
	"fmt"
	"slices"
	"testing"

	"kontor/internal/base/locale"
	"kontor/internal/base/quantity"
	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
)

func TestZZ(t *testing.T) {
	w := newBureau(t)
	w.stock(300)
	w.band(100_00)
	w.endow(400_00, budget.Warn)
	w.wants(func(p *company.Profile) { p.PONumber, p.CostCentre = company.Required, company.Required })
	long := cataloguing.Row{Category: []string{"Donaudampfschifffahrtsgesellschaftskapitänsbedarf und Zubehör aller Art"}, Prices: []cataloguing.RowPrice{{List: "Base", Rate: euros(123456_7891)}},
		Product: catalogue.Product{SKU: "AAA-EXTREMELY-LONG-ARTICLE-NUMBER-WITHOUT-ANY-BLANK-1234567890-XYZ", Name: "AAA Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhalterungsschraubensatz, verzinkt", Unit: "Karton", Supplier: "Vereinigte Eisenwarenhandelsgesellschaft Müller, Meier & Söhne mbH & Co. KG", LeadDays: 120, Minimum: quantity.Of(1000), Step: quantity.Of(250), Status: catalogue.Active}}
	if _, err := w.Cataloguing.Import(t.Context(), access.System(w.Acme), slices.Values([]cataloguing.Row{long})); err != nil {
		t.Fatal(err)
	}
	var lines []purchasing.AddLine
	lines = append(lines, purchasing.AddLine{Product: w.sku(long.Product.SKU), Quantity: quantity.Of(100000)})
	for i := range 300 {
		lines = append(lines, purchasing.AddLine{Product: w.sku(fmt.Sprintf("BULK-%04d", i)), Quantity: quantity.One})
	}
	_, err := w.Purchasing.Add(t.Context(), w.Ann, purchasing.AddInput{Lines: lines})
	w.must(err)
	w.must(w.Signing.SetLanguage(t.Context(), w.Ann, signing.SetLanguageInput{Language: locale.German, Zone: "Europe/Berlin"}))
	browser := browsertest.Start(t)
	for name, look := range map[string]browsertest.Look{"light": {}, "wide": {Width: 1800}, "small": {Width: 1024, Dark: true}} {
		tab := w.tab(browser, look, "ann@acme.example")
		for p, path := range map[string]string{"shop": "/shop", "cart": "/cart", "checkout": "/checkout", "product": "/products/" + w.sku(long.Product.SKU).String()} {
			tab.Go(w.url + path)
			picture(tab, "zz-"+p+"-"+name)
			t.Log(p, name, browsertest.Eval[string](tab, `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5 && !e.closest(".said")).slice(0,12).map(e => e.tagName+"."+e.className+" "+Math.round(e.getBoundingClientRect().left)+"-"+Math.round(e.getBoundingClientRect().right)).join(" | ")`))
		}
	}
}
