package browsertest

// Path is the address of the page, without its host.
func (tab *Tab) Path() string {
	tab.t.Helper()
	return await[string](tab, "an address", `location.pathname + location.search`)
}

// Text is what one reads in what the selector names.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	return await[string](tab, selector, find(selector)+`?.innerText.trim()`)
}

// Value is what a field holds.
func (tab *Tab) Value(selector string) string {
	tab.t.Helper()
	return await[string](tab, selector, find(selector)+`?.value`)
}

// Count is how many elements in sight a CSS selector names.
func (tab *Tab) Count(selector string) int {
	tab.t.Helper()
	return await[int](tab, selector, `[...document.querySelectorAll(`+quote(selector)+`)].filter(e => e.checkVisibility()).length`)
}

const focused = `(() => { const e = document.activeElement; return e.id || e.getAttribute("name") || (e.getAttribute("aria-label") ?? e.innerText ?? "").trim(); })()`

// Focused describes what has the focus: its id, or its name, or its words.
func (tab *Tab) Focused() string {
	tab.t.Helper()
	return await[string](tab, "a focus", focused)
}
