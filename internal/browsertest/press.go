package browsertest

import (
	"context"
	"fmt"
	"strconv"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// aim is where a press must fall, or why it cannot yet.
type aim struct {
	X, Y float64
	Why  string
}

// point is a script that scrolls to an element and gives its middle, once a press there would reach it. Where it is to be pressed
// the page is told.
func point(selector string, press bool) string {
	return `(() => {
		const e = ` + find(selector) + `;
		if (!e) {
			return {Why: "it is not in sight"};
		}
		if (e.matches(":disabled")) {
			return {Why: "it is disabled"};
		}
		e.scrollIntoView({block: "center", behavior: "instant"});
		const moves = a => a.playState === "running" && a.effect?.target?.contains(e) && a.effect.getComputedTiming().endTime !== Infinity;
		if (document.getAnimations().some(moves)) {
			return {Why: "it moves"};
		}
		const r = e.getClientRects()[0];
		if (!r) {
			return {Why: "it has no place"};
		}
		const [X, Y] = [r.x + r.width / 2, r.y + r.height / 2];
		const there = document.elementFromPoint(X, Y);
		if (!there || !(e.contains(there) || there.closest("label")?.control === e)) {
			return {Why: "before it stands " + (there?.outerHTML.slice(0, 200) ?? "the edge of the screen")};
		}
		if (` + strconv.FormatBool(press) + `) {
			browsertest.aim(e);
		}
		return {X, Y};
	})()`
}

// aim waits until what the selector names stays where it is and can be pressed there.
func (tab *Tab) aim(selector string, press bool) aim {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	before := aim{Why: "nothing was seen yet"}
	for {
		now := await[aim](tab, "a page to press "+selector+" on", point(selector, press))
		if now.Why == "" && now == before {
			return now
		}
		before = now
		if !pause(ctx) {
			tab.t.Fatalf("browsertest: cannot press %s: %s\n%s", selector, now.Why, tab.where())
		}
	}
}

// Click presses the middle of what the selector names. It sees to it that the press reaches that and nothing else: what
// moves away from under the pointer is pressed where it went, and a press that the page loses between the pointer's going
// down and up fails the test. Without scripts nothing moves once the page has loaded.
func (tab *Tab) Click(selector string) {
	tab.t.Helper()
	tab.Hold(selector)()
}

// Hold lets the pointer go down on what the selector names, as Click does, and gives what lets it up again.
func (tab *Tab) Hold(selector string) (release func()) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	at := tab.aim(selector, !tab.noScripts)
	for tab.pointer(chromedp.MousePressed, at); tab.pressed() == "beside"; tab.pointer(chromedp.MousePressed, at) {
		tab.pointer(chromedp.MouseReleased, at)
		if !pause(ctx) {
			tab.t.Fatalf("browsertest: cannot hit %s\n%s", selector, tab.where())
		}
		at = tab.aim(selector, !tab.noScripts)
	}
	tab.rest()
	return func() {
		tab.t.Helper()
		tab.pointer(chromedp.MouseReleased, at)
		if press := tab.pressed(); press != "landed" {
			tab.t.Fatalf("browsertest: the press of %s is %s: what was under the pointer when it went down was not when it came up\n%s", selector, press, tab.where())
		}
		tab.rest()
	}
}

// pointer lets the pointer go down or up.
func (tab *Tab) pointer(kind input.DispatchMouseEventType, at aim) {
	tab.t.Helper()
	tab.call(fmt.Sprintf("%s at %.0f, %.0f", kind, at.X, at.Y), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y, Button: input.MouseButtonLeft, ClickCount: 1})
		return err
	}))
}

// pressed says what became of a press. A page that it led to knows nothing of it.
func (tab *Tab) pressed() string {
	tab.t.Helper()
	return await[string](tab.AtOnce(), "what became of a press", `window.browsertest?.press() || "landed"`)
}

// Follow presses a link or button that leads to another page, or to the same one anew, and waits
// until that has loaded. Where both pages hold what a test would wait for, only this tells them apart.
func (tab *Tab) Follow(selector string) {
	tab.t.Helper()
	tab.Wait(selector)
	Eval[bool](tab, `window.pageBefore = true`)
	tab.Click(selector)
	tab.until("the page behind "+selector, `window.pageBefore === undefined`)
}

// Hover points at what the selector names.
func (tab *Tab) Hover(selector string) {
	tab.t.Helper()
	at := tab.aim(selector, false)
	tab.call("point at "+selector, chromedp.MouseEvent("mouseMoved", at.X, at.Y))
}

// Drag takes what one selector names and drops it on what another names. Both must fit on the screen.
func (tab *Tab) Drag(from, to string) {
	tab.t.Helper()
	end := tab.aim(to, false)
	start := tab.aim(from, false)
	tab.call(fmt.Sprintf("drag %s to %s", from, to), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		return drag(ctx, target, start, end, tab.heard.dragged)
	}))
	tab.rest()
}

// drag takes what is at start until the browser says what is being dragged, and drops that at the end. It is chromedp's
// own but for that it waits as long as it must.
func drag(ctx context.Context, target *chromedp.Target, start, end aim, dragged <-chan *input.DragData) error {
	mouse := func(kind input.DispatchMouseEventType, at aim, buttons int64) error {
		_, err := cdp.Call(ctx, target, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y, Button: input.MouseButtonLeft, Buttons: buttons, ClickCount: 1})
		return err
	}
	intercept := func(on bool) error {
		_, err := cdp.Call(ctx, target, input.SetInterceptDrags, input.SetInterceptDragsParams{Enabled: on})
		return err
	}
	if err := intercept(true); err != nil {
		return err
	}
	if err := mouse(chromedp.MousePressed, start, 1); err != nil {
		return err
	}
	const steps = 10
	for i := range steps {
		part := float64(i+1) / steps
		if err := mouse(chromedp.MouseMoved, aim{X: start.X + part*(end.X-start.X), Y: start.Y + part*(end.Y-start.Y)}, 1); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("nothing is dragged: %w", ctx.Err())
	case data := <-dragged:
		for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
			if _, err := cdp.Call(ctx, target, input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: end.X, Y: end.Y, Data: data}); err != nil {
				return err
			}
		}
	}
	if err := mouse(chromedp.MouseReleased, end, 0); err != nil {
		return err
	}
	return intercept(false)
}
