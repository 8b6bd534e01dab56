package notice

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// markup is HTML that stands in this file. Values come in only by put, which escapes them.
type markup string

type page struct{ strings.Builder }

func (p *page) put(m markup, values ...string) {
	escaped := make([]any, len(values))
	for i, v := range values {
		escaped[i] = html.EscapeString(v)
	}
	fmt.Fprintf(p, string(m)+"\n", escaped...) // a Builder takes what it is given
}

// The colours of a mail in the light. In the dark the style sheet turns those of the classes; where a reader drops
// style sheets, the mail stays light.
const (
	head markup = `<!DOCTYPE html>
<html lang="%s">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>%s</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; -webkit-text-size-adjust: 100%%; }
@media (max-width: 620px) { .pad { padding-left: 20px !important; padding-right: 20px !important; } .wide { display: block !important; width: 100%% !important; padding-right: 0 !important; } }
@media (prefers-color-scheme: dark) {
.ground { background-color: #14171c !important; }
.sheet { background-color: #1d2229 !important; }
.ink { color: #e8ebef !important; }
.quiet { color: #a3adb9 !important; }
.rule { border-color: #39414c !important; }
}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background-color:#f3f5f7;">
<div style="display:none;max-height:0;overflow:hidden;">%s</div>
<table role="presentation" class="ground" width="100%%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f3f5f7;">
<tr><td align="center" style="padding:24px 12px;">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:24px;">
<tr><td class="pad ink" style="padding:0 32px 12px 32px;font-size:14px;line-height:20px;font-weight:600;color:#1c2733;">%s</td></tr>
<tr><td class="sheet pad" style="background-color:#ffffff;border-top:4px solid %s;border-radius:6px;padding:28px 32px 32px 32px;">`
	foot markup = `</td></tr>
<tr><td class="pad quiet" style="padding:20px 32px;font-size:13px;line-height:20px;color:#5a6776;">`
	tail markup = `</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>`
	heading     markup = `<h1 class="ink" style="margin:0 0 16px 0;font-size:20px;line-height:28px;font-weight:600;color:#1c2733;">%s</h1>`
	paragraph   markup = `<p class="ink" style="margin:0 0 12px 0;color:#1c2733;">%s</p>`
	quoteOpen   markup = `<blockquote class="ink rule" style="margin:16px 0;padding:4px 0 4px 16px;border-left:3px solid #cfd6de;color:#1c2733;">`
	quoteLine   markup = `%s<br>`
	quoteClose  markup = `</blockquote>`
	tableOpen   markup = `<table width="100%%" cellpadding="0" cellspacing="0" border="0" style="margin:16px 0;">`
	tableRow    markup = `<tr><th class="quiet" scope="row" align="left" valign="top" style="padding:3px 16px 3px 0;width:34%%;font-weight:400;font-size:14px;color:#5a6776;">%s</th><td class="ink" valign="top" style="padding:3px 0;color:#1c2733;">%s</td></tr>`
	tableClose  markup = `</table>`
	itemsHead   markup = `<tr><th class="quiet rule" scope="col" align="left" style="padding:6px 12px 6px 0;font-weight:400;font-size:13px;color:#5a6776;border-bottom:1px solid #dde2e8;">%s</th><th class="quiet rule" scope="col" align="right" style="padding:6px 0;font-weight:400;font-size:13px;color:#5a6776;border-bottom:1px solid #dde2e8;">%s</th></tr>`
	itemsRow    markup = `<tr><td class="ink rule" align="left" valign="top" style="padding:8px 12px 8px 0;color:#1c2733;border-bottom:1px solid #dde2e8;">%s<br><span class="quiet" style="font-size:13px;line-height:20px;color:#5a6776;">%s &middot; %s &times; %s</span></td><td class="ink rule" align="right" valign="top" style="padding:8px 0;white-space:nowrap;font-variant-numeric:tabular-nums;color:#1c2733;border-bottom:1px solid #dde2e8;">%s</td></tr>`
	uncostedRow markup = `<tr><td class="ink rule" align="left" valign="top" style="padding:8px 12px 8px 0;color:#1c2733;border-bottom:1px solid #dde2e8;">%s<br><span class="quiet" style="font-size:13px;line-height:20px;color:#5a6776;">%s</span></td><td class="ink rule" align="right" valign="top" style="padding:8px 0;white-space:nowrap;font-variant-numeric:tabular-nums;color:#1c2733;border-bottom:1px solid #dde2e8;">%s</td></tr>`
	buttonsRow  markup = `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0 0 0;"><tr>`
	mainButton  markup = `<td class="wide" style="padding:0 12px 12px 0;"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" bgcolor="%s" style="border-radius:5px;background-color:%s;"><a href="%s" style="display:inline-block;padding:11px 22px;border:1px solid %s;border-radius:5px;font-weight:600;color:%s;text-decoration:none;">%s</a></td></tr></table></td>`
	sideButton  markup = `<td class="wide" style="padding:0 12px 12px 0;"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td align="center"><a class="ink rule" href="%s" style="display:inline-block;padding:11px 22px;border:1px solid #b8c1cc;border-radius:5px;font-weight:600;color:#1c2733;text-decoration:none;">%s</a></td></tr></table></td>`
	buttonsEnd  markup = `</tr></table>`
	noteLine    markup = `<p class="quiet" style="margin:0;font-size:13px;line-height:20px;color:#5a6776;">%s</p>`
	entryLine   markup = `<p class="ink rule" style="margin:0;padding:10px 0;border-bottom:1px solid #dde2e8;"><a class="ink" href="%s" style="color:#1c2733;">%s</a></p>`
	footLine    markup = `<p style="margin:0 0 8px 0;">%s</p>`
	footLink    markup = `<p style="margin:0 0 8px 0;"><a class="quiet" href="%s" style="color:#5a6776;">%s</a></p>`
	imprint     markup = `%s<br>`
)

// html writes the mail as tables with inline styles, for that is what mail readers agree on.
func (s spoken) html() string {
	var p page
	accent, ink := colours(s.brand.Accent)
	preview := ""
	if len(s.lines) > 0 {
		preview = s.lines[0]
	}
	p.put(head, s.lang.String(), s.subject, preview, s.brand.Name, accent)
	p.put(heading, s.subject)
	p.put(paragraph, s.greeting)
	for _, line := range s.lines {
		p.put(paragraph, line)
	}
	if s.words != "" {
		p.put(quoteOpen)
		for line := range strings.SplitSeq(s.words, "\n") {
			p.put(quoteLine, line)
		}
		p.put(quoteClose)
	}
	s.tables(&p)
	s.links(&p, accent, ink)
	p.put(foot)
	for _, line := range s.footer {
		p.put(footLine, line)
	}
	for _, w := range s.wishes {
		p.put(footLink, w.value, w.label)
	}
	for _, line := range append([]string{s.brand.Name}, s.imprint...) {
		p.put(imprint, line)
	}
	p.put(tail)
	return p.String()
}

func (s spoken) tables(p *page) {
	if len(s.table) > 0 {
		p.put(tableOpen)
		for _, r := range s.table {
			p.put(tableRow, r.label, r.value)
		}
		p.put(tableClose)
	}
	switch {
	case s.costed():
		p.put(tableOpen)
		p.put(itemsHead, s.lang.T("Article"), s.lang.T("Amount"))
		for _, i := range s.items {
			p.put(itemsRow, i[:]...)
		}
		p.put(tableClose)
	case len(s.items) > 0:
		p.put(tableOpen)
		p.put(itemsHead, s.lang.T("Article"), s.lang.T("Quantity"))
		for _, i := range s.items {
			p.put(uncostedRow, i[:3]...)
		}
		p.put(tableClose)
	}
}

func (s spoken) links(p *page, accent, ink string) {
	for _, e := range s.entries {
		p.put(entryLine, e.value, e.label)
	}
	if len(s.buttons) == 0 {
		return
	}
	p.put(buttonsRow)
	for i, b := range s.buttons {
		if i == 0 {
			p.put(mainButton, accent, accent, b.value, accent, ink, b.label)
			continue
		}
		p.put(sideButton, b.value, b.label)
	}
	p.put(buttonsEnd)
	if s.note != "" {
		p.put(noteLine, s.note)
	}
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// colours are the accent and what can be read on it: white or nearly black, whichever stands out more (WCAG 2.2).
func colours(accent string) (back, ink string) {
	if !colour.MatchString(accent) {
		accent = "#1f5fbf"
	}
	rgb, _ := strconv.ParseUint(accent[1:], 16, 32) // the pattern lets only such digits through
	light := func(v uint64) float64 {
		c := float64(v&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	if luminance := 0.2126*light(rgb>>16) + 0.7152*light(rgb>>8) + 0.0722*light(rgb); luminance > 0.179 {
		return accent, "#14171c"
	}
	return accent, "#ffffff"
}
