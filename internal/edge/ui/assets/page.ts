// Links and forms fetch the next page, and it is morphed into the one that stands.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";

Object.assign(htmx.config, {
	allowEval: false,
	allowScriptTags: false,
	defaultSettleDelay: 0, // until then what was morphed would still do what it did before
	historyCacheSize: 0, // what was on a page is not kept in the browser's storage
	includeIndicatorStyles: false,
	refreshOnHistoryMiss: true,
	responseHandling: [
		{ code: "204", swap: false },
		{ code: "...", swap: true }, // an error is a page too
	],
	scrollIntoViewOnBoost: false,
});

/** Runs now and whenever the page, or a part of it, has been replaced. */
export function onPage(run: () => void): void {
	document.addEventListener("DOMContentLoaded", run);
	document.addEventListener("htmx:afterSettle", run);
}

let path = location.pathname;

htmx.defineExtension("morph", {
	isInlineSwap: (style: string) => style === "morph:outerHTML",
	handleSwap(style: string, target: Node, fragment: Node) {
		if (!style.startsWith("morph")) {
			return false;
		}
		const samePage = path === location.pathname;
		return Idiomorph.morph(target as Element, (fragment as DocumentFragment).children, {
			morphStyle: style === "morph:outerHTML" ? "outerHTML" : "innerHTML",
			ignoreActiveValue: samePage,
			callbacks: {
				// what the reader has changed since, and what is still to be sent
				beforeNodeMorphed: (node: Node) => !(node instanceof HTMLElement && node.dataset.unsent !== undefined),
				// what the reader has folded out stays so
				beforeAttributeUpdated: (name: string, node: Element) => !(samePage && name === "open" && node instanceof HTMLDetailsElement),
			},
		}) as Node[];
	},
});

type Swap = CustomEvent<{ xhr: XMLHttpRequest; target: Element; shouldSwap: boolean; requestConfig: { verb: string } }>;

document.addEventListener("htmx:beforeSwap", (event) => {
	const { detail } = event as Swap;
	const type = detail.xhr.getResponseHeader("Content-Type") ?? "";
	if (!type.startsWith("text/html") && detail.xhr.status !== 204) {
		// a file: let the browser fetch it in its own way
		detail.shouldSwap = false;
		if (detail.requestConfig.verb === "get") {
			location.assign(detail.xhr.responseURL);
		}
		return;
	}
	for (const dialog of detail.target.querySelectorAll<HTMLDialogElement>("dialog[open]")) {
		dialog.close();
	}
	for (const popover of detail.target.querySelectorAll<HTMLElement>("[popover]:popover-open")) {
		popover.hidePopover();
	}
});

document.addEventListener("htmx:afterSettle", () => {
	if (path === location.pathname) {
		return;
	}
	path = location.pathname;
	window.scrollTo(0, 0);
	const start = document.querySelector<HTMLElement>("[autofocus]") ?? document.getElementById("main");
	start?.focus({ preventScroll: true });
});

// What is asked waits for what is being done: nobody reads what was true before, and no answer overtakes another.
const doing = new Set<XMLHttpRequest>();
const asked: (() => void)[] = [];
type Request = CustomEvent<{ xhr: XMLHttpRequest; requestConfig: { verb: string }; issueRequest: (confirmed: boolean) => void }>;
document.addEventListener("htmx:confirm", (event) => {
	if (doing.size > 0) {
		event.preventDefault();
		asked.push(() => (event as Request).detail.issueRequest(true));
	}
});
document.addEventListener("htmx:beforeSend", (event) => {
	const { xhr, requestConfig } = (event as Request).detail;
	if (requestConfig.verb !== "get") {
		doing.add(xhr);
	}
});
document.addEventListener("htmx:afterRequest", (event) => {
	doing.delete((event as Request).detail.xhr);
	while (doing.size === 0 && asked.length > 0) {
		asked.shift()?.();
	}
});

// A line across the top tells of a wait that is longer than a moment.
let waiting = 0;
document.addEventListener("htmx:beforeSend", () => {
	clearTimeout(waiting);
	waiting = window.setTimeout(() => (document.documentElement.dataset.waiting = ""), 300);
});
document.addEventListener("htmx:afterRequest", () => {
	clearTimeout(waiting);
	delete document.documentElement.dataset.waiting;
});
