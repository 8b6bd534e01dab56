package browsertest

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// heard is what a page has said by itself.
type heard struct {
	mu       sync.Mutex
	problems []string
	dragged  chan *input.DragData
	asked    chan string // what the page asks in a window of the browser
	answered []string    // … and was answered
	stay     bool        // by no
}

// event notes what the page complains of, and what is dragged in it. It must not call the browser.
func (h *heard) event(event any) {
	var text string
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		text = event.ExceptionDetails.Text
		if event.ExceptionDetails.Exception != nil {
			text += " " + event.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if event.Type != runtime.ConsoleAPICalledTypeError && event.Type != runtime.ConsoleAPICalledTypeWarning {
			return
		}
		for _, arg := range event.Args {
			text += string(arg.Value) + arg.Description + " "
		}
	case *cdplog.EventEntryAdded:
		// a header that the browser does not understand is only a warning to it
		if event.Entry.Level != cdplog.EntryLevelError && !strings.Contains(event.Entry.Text, "-Policy header") {
			return
		}
		text = event.Entry.Text + " " + event.Entry.URL
	case *input.EventDragIntercepted:
		select {
		case h.dragged <- event.Data:
		default: // nobody waits for it
		}
		return
	case *page.EventJavascriptDialogOpening:
		h.asked <- string(event.Type) + ": " + event.Message
		return
	default:
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.problems = append(h.problems, strings.TrimSpace(text))
}

// answer answers what the page asks in a window of the browser, which holds up everything else: yes, unless [Tab.Stay] says no.
func (tab *Tab) answer() {
	for {
		select {
		case <-tab.ctx.Done():
			return
		case asked := <-tab.heard.asked:
			tab.heard.mu.Lock()
			tab.heard.answered = append(tab.heard.answered, asked)
			yes := !tab.heard.stay
			tab.heard.mu.Unlock()
			// a tab that is closed meanwhile has nobody left to answer
			_ = chromedp.Do(tab.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
				_, err := cdp.Call(ctx, target, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: yes})
				return err
			}))
		}
	}
}

// Stay answers what the page asks from now on with no, or again with yes.
func (tab *Tab) Stay(stay bool) {
	tab.heard.mu.Lock()
	defer tab.heard.mu.Unlock()
	tab.heard.stay = stay
}

// Asked is what the page has asked in windows of the browser since that was asked last: "beforeunload: ", "confirm: Leave?".
func (tab *Tab) Asked() (all []string) {
	tab.heard.mu.Lock()
	defer tab.heard.mu.Unlock()
	all, tab.heard.answered = tab.heard.answered, nil
	return all
}

// soFar are the problems that have been heard of.
func (h *heard) soFar() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.problems)
}

// forgive drops the first problem that contains the words, and reports whether there was one.
func (h *heard) forgive(words string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.problems, func(p string) bool { return strings.Contains(p, words) })
	if i >= 0 {
		h.problems = slices.Delete(h.problems, i, i+1)
	}
	return i >= 0
}

// Problems are the errors and warnings that the page has written to the console since it was
// opened: exceptions, breaches of the content policy, things that could not be loaded.
func (tab *Tab) Problems() []string {
	tab.t.Helper()
	tab.rest() // what the page says before it answers is heard before the answer
	return tab.heard.soFar()
}

// Forgive waits for a problem that contains the words, and drops it: after a page that was meant to be refused.
func (tab *Tab) Forgive(words string) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	for !tab.heard.forgive(words) {
		if !pause(ctx) {
			tab.t.Fatalf("browsertest: waited in vain for the console to say %q\n%s", words, tab.where())
		}
	}
}

// Forget drops the problems so far.
func (tab *Tab) Forget() {
	tab.t.Helper()
	tab.rest()
	tab.heard.mu.Lock()
	defer tab.heard.mu.Unlock()
	tab.heard.problems = nil
}
