package browsertest

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Type clears a field and types into it, key by key.
func (tab *Tab) Type(selector, text string) {
	tab.t.Helper()
	tab.until(selector, `(() => { const e = `+find(selector)+`; e?.focus(); e?.select?.(); return e !== undefined; })()`)
	if text == "" {
		text = Backspace
	}
	tab.Press(text)
}

// Keys without a letter, for Press.
const (
	Enter     = kb.Enter
	Escape    = kb.Escape
	TabKey    = kb.Tab
	Up        = kb.ArrowUp
	Down      = kb.ArrowDown
	Left      = kb.ArrowLeft
	Right     = kb.ArrowRight
	Home      = kb.Home
	End       = kb.End
	Space     = " "
	Backspace = kb.Backspace
)

// Press presses keys, one after the other, for whatever has the focus.
func (tab *Tab) Press(text string) {
	tab.t.Helper()
	tab.rest()
	tab.call("press "+text, keys(text))
	tab.rest()
}

// control is the bit of the control key.
const control = 2

// Chord presses a letter while the control key is down.
func (tab *Tab) Chord(letter string) {
	tab.t.Helper()
	tab.rest()
	tab.call("press control and "+letter, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			event := input.DispatchKeyEventParams{Type: kind, Key: letter, Code: "Key" + strings.ToUpper(letter), Modifiers: control, WindowsVirtualKeyCode: int64(strings.ToUpper(letter)[0])}
			if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, event); err != nil {
				return err
			}
		}
		return nil
	}))
	tab.rest()
}

// stroke is the time between two keys of somebody who types well.
const stroke = 50 * time.Millisecond

// keys presses keys such that each letter is part of its key going down: a
// page that takes the key for itself then takes the letter too, as with a real keyboard. They carry the times of somebody who types
// well, however long the machine takes over them.
func keys(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		at := time.Now()
		for _, r := range text {
			var events []*input.DispatchKeyEventParams
			for _, event := range kb.Encode(r) {
				if event.Type == input.DispatchKeyEventTypeChar {
					events[0].Text, events[0].UnmodifiedText = event.Text, event.UnmodifiedText
					continue
				}
				events = append(events, event)
			}
			at = at.Add(stroke)
			for _, event := range events {
				event.Timestamp = input.TimeSinceEpoch(float64(at.UnixMicro()) / 1e6)
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, *event); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Choose chooses the option of a select that has the value.
func (tab *Tab) Choose(selector, value string) {
	tab.t.Helper()
	tab.until(selector, `(() => {
		const e = `+find(selector)+`;
		if (!e) {
			return false;
		}
		e.value = `+quote(value)+`;
		e.dispatchEvent(new Event("input", {bubbles: true}));
		e.dispatchEvent(new Event("change", {bubbles: true}));
		return true;
	})()`)
	tab.rest()
}

// Upload gives files to a file field.
func (tab *Tab) Upload(selector string, files ...string) {
	tab.t.Helper()
	tab.Wait(selector)
	tab.call("upload to "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), files))
	tab.rest()
}
