package ui

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/a-h/templ"
)

// Translate turns an English text, which may hold the verbs of package fmt,
// into the reader's language.
type Translate func(text string, args ...any) string

type speech struct{}

// speak makes the pieces below ctx say their own few words ("Next", "optional") by t.
func speak(ctx context.Context, t Translate) context.Context {
	if t == nil {
		return ctx
	}
	return context.WithValue(ctx, speech{}, t)
}

// word is what a piece says of itself, in the language of the frame or
// fragment around it, and in English outside of both.
func word(ctx context.Context, text string, args ...any) string {
	if t, ok := ctx.Value(speech{}).(Translate); ok {
		return t(text, args...)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Words lists what the pieces say of themselves, for whoever translates it.
func Words() []string { return slices.Clone(words[:]) }

var words = [...]string{
	"%d more",
	"%s cannot be moved by you.",
	"%s cannot stand there: it is itself, or stands below it.",
	"%s is picked up. Go to where it shall stand and press Enter; Escape leaves it where it is.",
	"%s stays where it is.",
	"Apply",
	"Approvals",
	"Approve, reject",
	"As usual",
	"Clear all",
	"Close",
	"Columns",
	"Down and up a list",
	"Drag %s to another place",
	"Filter the list",
	"Filters that hold",
	"Goes straight through",
	"Home",
	"Keyboard",
	"Less: %s",
	"Light or dark",
	"Main",
	"Main, short",
	"Manager: %s",
	"More",
	"More filters",
	"More: %s",
	"Move %s",
	"Move %s down",
	"Move %s up",
	"Next",
	"Nothing can be put below %s by you.",
	"Nothing here yet",
	"Orders",
	"Pages",
	"People who come along: %s",
	"Previous",
	"Put %s below %s",
	"Reference",
	"Remove filter %s",
	"Search",
	"Select %s",
	"Select all",
	"Shop",
	"Show the figures",
	"Sign out",
	"Single keys work anywhere on a page",
	"Skip to the content",
	"Sort",
	"Sort by %s",
	"Space||key",
	"Take up and put down in a structure",
	"The same, cut and pasted",
	"The server cannot be reached. What you have entered is still here: try again in a moment.",
	"This help",
	"Tick a row",
	"Undo",
	"Unread",
	"What is below %s",
	"What you typed here was not sent, and would be lost. Leave all the same?",
	"Where",
	"Where you are",
	"Who can give it to you",
	"Why?",
	"Why? %s",
	"You need the permission",
	"and above",
	"approved",
	"asked back",
	"asked now",
	"before",
	"comes later",
	"done",
	"from %s",
	"held",
	"left",
	"limit",
	"no longer needed",
	"not asked",
	"optional",
	"over",
	"rejected",
	"selected",
	"spent",
	"this order",
}

// Fragment is a part of a page answered without its frame. It gives the
// pieces inside it the language that they would have had from the frame:
//
//	@(ui.Fragment{T: p.T}) { … }
type Fragment struct {
	T Translate
}

// Render writes what stands inside the fragment.
func (f Fragment) Render(ctx context.Context, w io.Writer) error {
	inside := templ.GetChildren(ctx)
	return inside.Render(speak(templ.ClearChildren(ctx), f.T), w)
}

// Text is a plain text where a component is asked for, as in the cell of a table.
type Text string

// Render writes the text, escaped.
func (t Text) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, templ.EscapeString(string(t)))
	return err
}

// All are several components, one after the other.
type All []templ.Component

// Render writes them in their order; nil ones are left out.
func (a All) Render(ctx context.Context, w io.Writer) error {
	for _, c := range a {
		if c == nil {
			continue
		}
		if err := c.Render(ctx, w); err != nil {
			return err
		}
	}
	return nil
}
