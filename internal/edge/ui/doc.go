// Package ui holds the pieces that every page of the portal and the office is
// made of, their styles and scripts, and the frame around a page.
//
// A piece is a small struct that renders itself, so making one is writing its
// values down. It takes texts that are already in the reader's language, money
// and dates as ready strings, and never a map or a type of the domain. What a
// piece says of itself ("Next", "optional") it says by the T of the Frame
// around it; a part of a page answered alone stands in a Fragment.
//
// A page is one Go file with the struct that feeds it, and one .templ:
//
//	// OrdersPage lists the orders that the reader may see.
//	type OrdersPage struct {
//		ui.Frame
//		Orders  []OrderRow
//		Filters ui.Filters
//		Pager   ui.Pager
//	}
//
//	templ (p OrdersPage) View() {
//		@p.Frame {
//			@ui.Header{
//				Title:   p.T("Orders"),
//				Actions: ui.LinkButton{Label: p.T("Quick order"), URL: "/quick", Kind: ui.Primary},
//			}
//			@p.Filters
//			@ui.Table{
//				Name:    "orders",
//				Caption: p.T("Orders"),
//				Columns: []ui.Column{
//					{Label: p.T("Order||noun"), SortURL: "?sort=number", Sorted: ui.Descending},
//					{Label: p.T("State")},
//					{Label: p.T("Total"), Numeric: true},
//				},
//				Rows:  p.rows(), // ui.Row{URL: …, Cells: []templ.Component{ui.Text(o.Number), ui.Badge{…}, ui.Money{…}}}
//				Empty: ui.Empty{Icon: ui.IconOrders, Title: p.T("No orders yet")},
//				Pager: p.Pager,
//			}
//		}
//	}
//
// A piece without children is written @ui.Table{…}. One with children stands
// in parentheses, so that templ can tell its values from its children:
//
//	@(ui.Card{Title: p.T("Delivery")}) {
//		<p>…</p>
//	}
//	@(ui.Form{Action: p.SubmitURL, HX: ui.HX{Region: "order"}}) {
//		@ui.Field{Name: "reference", Label: p.T("Your reference"), Optional: true, Value: p.Reference, Error: p.Errors.Reference}
//		@(ui.Actions{}) { @ui.Button{Label: p.T("Submit"), Kind: ui.Primary} }
//	}
//
// # Arrangement
//
// A few classes arrange pieces; nothing else needs styles of its own:
//
//   - stack: below one another with the page's distance (what stands directly in a page already is)
//   - row: beside one another, wrapping; data-end puts it to the right, data-between apart, data-top aligns above, data-tight never wraps
//   - grid: equal columns, as many as fit; data-few makes them wide, data-many narrow
//   - split: a wide main column and a standing aside: <div class="split"><div>…</div><aside>…</aside></div>;
//     data-facets puts Facets before the main column
//   - stats: a row of Stat
//   - note, none, said, code, muted: a quieter line, a missing value, words for screen readers, a key to copy, faded text
//
// # Behaviour
//
// Every form works as a post and a redirect. Where scripts run, links and
// forms fetch the whole next page and it is morphed into the one that stands,
// so focus and scroll stay; HX narrows that to one region, whose answer may
// still be the whole page. A form that was sent cannot be sent twice. A link to
// a file sets Download.
//
//   - Key on a button or link presses it by one letter; Entry.Key makes "g" and that letter go there; "/" searches, "?" helps
//   - Button.Opens, MenuItem.Opens open the Dialog of that name; Menu and Why open without scripts
//   - Field.Submits, Check.Submits send their form on change; Filters always do
//   - Frame.LiveURL is a text/event-stream: "event: approvals\ndata: 3\n\n" changes the count of that name
//   - Tree.MoveURL gets node and under by post when something is dropped
//
// The pieces page, served by Pieces, shows each of them. Look there before you make another.
package ui
