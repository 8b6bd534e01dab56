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
			// what is being typed stays; whatever else has the focus says and does what it does now, and what is in it, too
			ignoreActiveValue: samePage && (document.activeElement?.matches("input, select, textarea") ?? false),
			callbacks: {
				// what the reader has changed since, and what is still to be sent
				beforeNodeMorphed: (node: Node) => !(node instanceof HTMLElement && node.dataset.unsent !== undefined),
				// what the reader has folded out stays so, and what is on its way is still on its way
				// but where the address tells what is folded out
				beforeAttributeUpdated: (name: string, node: Element) => name !== "data-sent" && !(samePage && name === "open" && node instanceof HTMLDetailsElement && !node.closest("[data-remembers]")),
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

// Whoever pressed what the answer has taken away goes on from the page itself, not from nowhere.
let pressed = false;
document.addEventListener("htmx:beforeSwap", () => (pressed = document.activeElement !== document.body));
document.addEventListener("htmx:afterSettle", () => {
	if (pressed && document.activeElement === document.body) {
		document.getElementById("main")?.focus({ preventScroll: true });
	}
	pressed = false;
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

// Where tabs do not all fit, the one that one is on is in view.
let tabbed = "";
onPage(() => {
	if (tabbed === location.pathname) {
		return;
	}
	tabbed = location.pathname;
	for (const current of document.querySelectorAll<HTMLElement>(".tabs [aria-current]")) {
		const tabs = current.closest<HTMLElement>(".tabs")!;
		const [at, all] = [current.getBoundingClientRect(), tabs.getBoundingClientRect()];
		tabs.scrollLeft += at.left + at.width / 2 - all.left - all.width / 2;
	}
});

// What is asked waits for what is being done: nobody reads what was true before, and no answer overtakes another.
const doing = new Set<XMLHttpRequest>();
const asked: (() => void)[] = [];
type Request = CustomEvent<{ elt: Element; target: Element; xhr: XMLHttpRequest; requestConfig: { verb: string }; issueRequest: (confirmed: boolean) => void }>;
document.addEventListener("htmx:confirm", (event) => {
	if (doing.size > 0) {
		const { elt, issueRequest } = (event as Request).detail;
		const fields = changed(elt.closest("form"));
		event.preventDefault();
		fields.forEach((field) => (field.dataset.unsent = ""));
		asked.push(() => {
			fields.forEach((field) => delete field.dataset.unsent);
			issueRequest(true);
		});
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

// changed are the fields that hold something else than the server has written into them.
function changed(form: HTMLFormElement | null): HTMLElement[] {
	return ([...(form?.elements ?? [])] as HTMLElement[]).filter((field) => {
		if (field instanceof HTMLSelectElement) {
			return [...field.options].some((option) => option.selected !== option.defaultSelected);
		}
		if (field instanceof HTMLInputElement) {
			return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
		}
		return field instanceof HTMLTextAreaElement && field.value !== field.defaultValue;
	});
}

// Whoever goes elsewhere no longer waits for what was asked for the page that they leave: its answer is as good as empty.
const asking = new Set<XMLHttpRequest>();
document.addEventListener("htmx:beforeSend", (event) => {
	const { xhr, target, requestConfig } = (event as Request).detail;
	if (target === document.body) {
		asking.forEach((before) => Object.defineProperty(before, "status", { value: 204 }));
		asking.clear();
	}
	if (requestConfig.verb === "get") {
		asking.add(xhr);
		xhr.addEventListener("loadend", () => asking.delete(xhr));
	}
});

// While the pointer is down nothing moves under it: what has been answered is shown when it is up again, and what was
// pressed has been heard. A pointer that goes up where nobody sees it is not waited for.
let down = false;
const answered: (() => void)[] = [];
function show(): void {
	down = false;
	for (const arrive of answered.splice(0)) {
		arrive();
	}
}
document.addEventListener("pointerdown", () => (down = true), true);
for (const type of ["pointerup", "pointercancel"]) {
	document.addEventListener(type, () => window.setTimeout(show), true);
}
document.addEventListener("htmx:beforeSend", (event) => {
	const { xhr } = (event as Request).detail;
	const arrive = xhr.onload;
	xhr.onload = (loaded) => {
		if (down) {
			answered.push(() => arrive?.call(xhr, loaded));
			window.setTimeout(show, 1500);
		} else {
			arrive?.call(xhr, loaded);
		}
	};
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
