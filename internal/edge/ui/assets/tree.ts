// A tree is walked by keys as trees are. What is dropped on another node, or carried to it by keys, is taken by an ordinary
// form to where it is seen what moving it there changes; what is open stands in the address.
import htmx from "htmx.org";
import { onPage } from "./page";

const row = "[role=treeitem]";
let dragged: HTMLElement | null = null;
let carried = ""; // the key of the node that is carried by keys
let following = ""; // the key of the node that was put somewhere and keeps the focus
let left: { list: Element; at: number } | null = null; // where the focus was, on what has been replaced since

function nodeOf(target: EventTarget | null): HTMLElement | null {
	return target instanceof Element ? target.closest<HTMLElement>("[data-node]") : null;
}
function treeOf(element: Element | null): HTMLElement | null {
	return element?.closest<HTMLElement>(".tree") ?? null;
}
function line(item: Element | null): HTMLElement | null {
	return item?.querySelector<HTMLElement>(":scope > .node") ?? null;
}
function branch(item: Element | null): HTMLDetailsElement | null {
	return item?.querySelector<HTMLDetailsElement>(":scope > details") ?? null;
}
function itemsOf(tree: Element): HTMLElement[] {
	return [...tree.querySelectorAll<HTMLElement>("li")].filter((item) => item.checkVisibility());
}
function called(node: Element | null): string {
	return node?.querySelector("a:not([data-move]), .node-label")?.textContent?.trim() ?? "";
}
function byKey(tree: Element | Document, key: string): HTMLElement | null {
	return tree.querySelector<HTMLElement>(`[data-node="${CSS.escape(key)}"]`);
}

// What the tree says of a move, in the words that the server has put on it.

function words(tree: HTMLElement, name: string, fill: Record<string, string>): string {
	return (tree.dataset[name] ?? "").replace(/\{(\w+)\}/g, (_, what: string) => fill[what] ?? "");
}
function say(tree: HTMLElement | null, text: string): void {
	const said = tree?.querySelector<HTMLElement>("[data-tree-said]");
	if (said && said.textContent !== text) {
		said.textContent = text;
	}
}

/** Whoever stands nearest above what is put below a place. */
function managerAt(place: Element): string {
	for (let item = place.closest("li"); item; item = item.parentElement?.closest("li") ?? null) {
		if (line(item)?.querySelector(":scope > .face")) {
			return called(line(item));
		}
	}
	return "";
}

/** What putting a node below a place comes to; or, where it cannot go there, why. */
function weigh(node: HTMLElement, place: HTMLElement): { may: boolean; text: string } {
	const tree = treeOf(place);
	const fill = { node: called(node), place: called(place), manager: managerAt(place), people: node.dataset.people ?? "" };
	if (!tree || tree !== treeOf(node)) {
		return { may: false, text: "" };
	}
	if (node.closest("li")?.contains(place)) {
		return { may: false, text: words(tree, "sayRefused", fill) };
	}
	if (place.dataset.receives === undefined) {
		return { may: false, text: words(tree, "sayClosed", fill) };
	}
	const text = [words(tree, "sayPut", fill)];
	if (fill.manager) {
		text.push(words(tree, "sayManager", fill));
	}
	if (fill.people) {
		text.push(words(tree, "sayPeople", fill));
	}
	return { may: true, text: text.join(" · ") };
}

function mark(place: HTMLElement | null, may = true): void {
	document.querySelectorAll<HTMLElement>("[data-target], [data-refused]").forEach((other) => {
		if (other !== place) {
			delete other.dataset.target;
			delete other.dataset.refused;
		}
	});
	if (place) {
		place.dataset[may ? "target" : "refused"] = "";
	}
}

function put(node: HTMLElement, place: HTMLElement): void {
	const tree = treeOf(place);
	const form = document.createElement("form");
	form.method = "get"; // what it changes is shown first
	form.action = tree?.dataset.moveUrl ?? "";
	form.hidden = true;
	const from = line(node.closest("li")?.parentElement?.closest("li") ?? null);
	for (const [name, value] of [["node", node.dataset.node], ["from", from?.dataset.node], ["under", place.dataset.node], ["back", location.pathname + location.search]]) {
		const input = document.createElement("input");
		input.type = "hidden";
		input.name = name ?? "";
		input.value = value ?? "";
		form.append(input);
	}
	tree?.append(form);
	htmx.process(form);
	form.requestSubmit();
}

// By the pointer. A branch that one waits on unfolds, and at the edges of the window the page goes on.

let over: HTMLElement | null = null;
let unfolding = 0;

function rest(): void {
	clearTimeout(unfolding);
	over = null;
	mark(null);
}

document.addEventListener("dragstart", (event) => {
	dragged = nodeOf(event.target);
	if (dragged && event.dataTransfer) {
		dragged.dataset.dragged = "";
		event.dataTransfer.effectAllowed = "move";
	}
});
document.addEventListener("dragover", (event) => {
	if (!dragged) {
		return;
	}
	const edge = 60;
	if (event.clientY < edge || event.clientY > window.innerHeight - edge) {
		window.scrollBy(0, event.clientY < edge ? -12 : 12);
	}
	const place = nodeOf(event.target);
	if (!place) {
		rest();
		return;
	}
	const { may, text } = weigh(dragged, place);
	if (may) {
		event.preventDefault();
	}
	if (place === over) {
		return;
	}
	rest();
	over = place;
	mark(place, may);
	say(treeOf(place), text);
	const folded = branch(place.closest("li"));
	if (may && folded && !folded.open) {
		unfolding = window.setTimeout(() => (folded.open = true), 700);
	}
});
document.addEventListener("dragend", () => {
	rest();
	say(treeOf(dragged), "");
	if (dragged) {
		delete dragged.dataset.dragged;
	}
	dragged = null;
});
document.addEventListener("drop", (event) => {
	const place = nodeOf(event.target);
	if (dragged && place && weigh(dragged, place).may) {
		event.preventDefault();
		put(dragged, place);
	}
});

// By keys: space, or control and X, picks up; space, Enter, or control and V puts down; Escape, or space on it itself, leaves it where it was.

function carry(tree: HTMLElement, node: HTMLElement | null): void {
	if (!node || tree.dataset.moveUrl === undefined) {
		return;
	}
	if (!node.draggable) {
		say(tree, words(tree, "sayFixed", { node: called(node) }));
		return;
	}
	leave(tree);
	carried = node.dataset.node ?? "";
	node.dataset.dragged = "";
	say(tree, words(tree, "sayCarried", { node: called(node) }));
}
function leave(tree: HTMLElement): void {
	const node = byKey(tree, carried);
	if (node) {
		delete node.dataset.dragged;
		say(tree, words(tree, "sayKept", { node: called(node) }));
	}
	carried = "";
	mark(null);
}
function putDown(tree: HTMLElement, place: HTMLElement | null): void {
	const node = byKey(tree, carried);
	if (!node || !place) {
		return;
	}
	const { may, text } = weigh(node, place);
	say(tree, text);
	if (may) {
		following = carried;
		carried = "";
		put(node, place);
	}
}

function go(item: HTMLElement | null | undefined): void {
	const tree = treeOf(item ?? null);
	if (!item || !tree) {
		return;
	}
	item.focus();
	const node = byKey(tree, carried);
	const place = line(item);
	if (node && place && node !== place) {
		const { may, text } = weigh(node, place);
		mark(place, may);
		say(tree, text);
	}
}

let typed = "";
let typedAt = -Infinity;

/** The next item, behind this one and then from the top, whose words begin with what has been typed within a moment. */
function ahead(items: HTMLElement[], here: number, letter: string, at: number): HTMLElement | undefined {
	typed = at - typedAt > 700 ? letter : typed + letter;
	typedAt = at;
	const from = typed.length > 1 ? here : here + 1;
	return [...items.slice(from), ...items.slice(0, from)].find((item) => called(line(item)).toLowerCase().startsWith(typed.toLowerCase()));
}

function press(event: KeyboardEvent, item: HTMLElement, tree: HTMLElement): boolean {
	const items = itemsOf(tree);
	const here = items.indexOf(item);
	const below = branch(item);
	if (event.ctrlKey || event.metaKey) {
		switch (event.key.toLowerCase()) {
			case "x":
				carry(tree, line(item));
				return true;
			case "v":
				putDown(tree, line(item));
				return carried !== "" || following !== "";
			default:
				return false;
		}
	}
	switch (event.key) {
		case "ArrowDown":
			go(items[here + 1]);
			return true;
		case "ArrowUp":
			go(items[here - 1]);
			return true;
		case "Home":
			go(items[0]);
			return true;
		case "End":
			go(items[items.length - 1]);
			return true;
		case "ArrowRight":
			if (below && !below.open) {
				below.open = true;
			} else {
				go(below?.querySelector<HTMLElement>("li"));
			}
			return true;
		case "ArrowLeft":
			if (below?.open) {
				below.open = false;
			} else {
				go(item.parentElement?.closest<HTMLElement>("li"));
			}
			return true;
		case "Enter":
			if (carried) {
				putDown(tree, line(item));
			} else if (event.target === item) {
				item.querySelector<HTMLElement>(":scope > .node > a, :scope > a")?.click();
			} else {
				return false;
			}
			return true;
		case " ":
			if (event.target !== item || tree.dataset.moveUrl === undefined) {
				return false; // a link or a mark has it, or the page goes on
			}
			if (!carried) {
				carry(tree, line(item));
			} else if (line(item)?.dataset.node === carried) {
				leave(tree);
			} else {
				putDown(tree, line(item));
			}
			return true;
		case "Escape":
			if (!carried) {
				return false;
			}
			leave(tree);
			return true;
		default:
			if (event.key.length !== 1 || event.altKey || /[\s/?]/.test(event.key)) {
				return false;
			}
			go(ahead(items, here, event.key, event.timeStamp));
			return true;
	}
}

// before anybody else hears of it: a letter that walks the tree is not one that goes elsewhere
document.addEventListener(
	"keydown",
	(event) => {
		const item = (event.target as Element).closest<HTMLElement>(row);
		const tree = treeOf(item);
		if (item && tree && !event.defaultPrevented && press(event, item, tree)) {
			event.preventDefault();
			event.stopPropagation();
		}
	},
	true,
);

// One of the items is reached by the tabulator: the one that had the focus last.
document.addEventListener("focusin", (event) => {
	const item = (event.target as Element).closest<HTMLElement>(row);
	const tree = treeOf(item);
	if (!item || !tree) {
		return;
	}
	tree.querySelectorAll<HTMLElement>(`${row}[tabindex="0"]`).forEach((other) => (other.tabIndex = -1));
	item.tabIndex = 0;
	left = item.matches(".rest") && item.parentElement ? { list: item.parentElement, at: [...item.parentElement.children].indexOf(item) } : null;
});

function level(list: Element, depth: number, moves: boolean): void {
	for (const item of list.children as Iterable<HTMLElement>) {
		const below = branch(item);
		item.setAttribute("role", "treeitem"); // whose name is its line, without what is below
		item.setAttribute("aria-level", String(depth));
		if (!item.hasAttribute("tabindex")) {
			item.tabIndex = -1;
		}
		if (moves && line(item)?.draggable) {
			item.setAttribute("aria-keyshortcuts", "Space Control+X Control+V");
		}
		for (const inside of item.querySelectorAll<HTMLElement>(":scope > a, :scope > .node > a, :scope > .node > button, :scope > details > summary")) {
			inside.tabIndex = -1;
		}
		if (below) {
			const list = below.querySelector(":scope > ul");
			item.setAttribute("aria-expanded", String(below.open));
			list?.setAttribute("role", "group");
			if (list) {
				level(list, depth + 1, moves);
			}
		}
	}
}

const seen = new WeakSet<Element>();

onPage(() => {
	for (const tree of document.querySelectorAll<HTMLElement>(".tree")) {
		const top = tree.querySelector(":scope > ul");
		if (!top) {
			continue;
		}
		top.setAttribute("role", "tree");
		level(top, 1, tree.dataset.moveUrl !== undefined);
		const current = tree.querySelector<HTMLElement>("[data-current]");
		if (!tree.querySelector(`${row}[tabindex="0"]`)) {
			const first = current?.closest<HTMLElement>(row) ?? tree.querySelector<HTMLElement>(row);
			if (first) {
				first.tabIndex = 0;
			}
		}
		if (current && !seen.has(current) && new URLSearchParams(location.search).has("at")) {
			seen.add(current);
			current.scrollIntoView({ block: "nearest" });
		}
		const node = byKey(tree, carried);
		if (node) {
			node.dataset.dragged = "";
		}
		const went = following && byKey(tree, following);
		if (went && document.querySelector("[data-toast]")) {
			following = "";
			went.closest<HTMLElement>(row)?.focus();
		}
	}
	// what was to be shown is there: the focus goes on to the first of it
	if (left?.list.isConnected && document.activeElement === document.body) {
		const next = left.list.children[left.at] as HTMLElement | undefined;
		left = null;
		next?.focus();
	}
});

// What is unfolded is fetched where it is not there yet, and remembered.

function remember(tree: HTMLElement | null): void {
	const address = new URL(location.href);
	if (tree?.dataset.remembers === undefined || address.searchParams.has("q")) {
		return;
	}
	address.searchParams.delete("at");
	address.searchParams.delete("show");
	const open: string[] = [];
	for (const one of tree.querySelectorAll<HTMLDetailsElement>("details[data-mark][open]")) {
		const shown = one.querySelectorAll(":scope > ul > li:not(.rest)").length;
		open.push(one.dataset.mark ?? "");
		if (shown > 100) {
			address.searchParams.append("show", `${one.dataset.mark}-${shown}`);
		}
	}
	address.searchParams.set("open", open.join(".") || "none");
	history.replaceState(history.state, "", address);
}

document.addEventListener(
	"toggle",
	(event) => {
		const one = event.target;
		if (!(one instanceof HTMLDetailsElement) || one.dataset.branch === undefined) {
			return;
		}
		one.closest("li")?.setAttribute("aria-expanded", String(one.open));
		if (one.open) {
			one.querySelector<HTMLElement>(":scope > ul > li.rest:only-child > [hx-get]")?.click();
		}
		remember(treeOf(one));
	},
	true,
);
document.addEventListener("htmx:afterSettle", (event) => {
	if (event.target instanceof Element && event.target.closest(".tree li")) {
		remember(treeOf(event.target));
	}
});

// Paper cannot be unfolded: before a page is printed its trees are fetched as "unfold all" shows them, and put back behind it.

const putBack: (() => void)[] = [];

/** A page as it comes for an address, waited for: who prints waits for nobody. */
function fetched(address: URL): Document | null {
	const ask = new XMLHttpRequest();
	try {
		ask.open("GET", address, false);
		ask.send();
	} catch {
		return null; // without a server what is there is printed
	}
	return ask.status === 200 ? new DOMParser().parseFromString(ask.responseText, "text/html") : null;
}

window.addEventListener("beforeprint", () => {
	const tree = document.querySelector<HTMLElement>(".tree[data-remembers]");
	const address = new URL(location.href);
	if (!tree || address.searchParams.has("q")) {
		return; // what was found is what is wanted
	}
	address.searchParams.set("open", "all");
	address.searchParams.delete("show");
	address.searchParams.delete("at");
	const whole = fetched(address)?.getElementById(tree.id);
	const here = tree.closest(".card") ?? tree;
	const there = whole?.closest(".card") ?? whole;
	if (!whole || !there) {
		return;
	}
	delete whole.dataset.remembers; // it is nothing that somebody has unfolded
	document.adoptNode(there);
	here.replaceWith(there);
	putBack.push(() => there.replaceWith(here));
});
window.addEventListener("afterprint", () => {
	for (const back of putBack.splice(0)) {
		back();
	}
});

// Where a node is to be moved by choosing a place, all that is open stays open.
document.addEventListener("htmx:configRequest", (event) => {
	const link = event.target;
	if (link instanceof HTMLAnchorElement && link.dataset.move !== undefined) {
		const here = new URL(location.href);
		const there = new URL(link.href);
		for (const [name, value] of here.searchParams) {
			if (name === "open" || name === "show" || name === "q") {
				there.searchParams.append(name, value);
			}
		}
		(event as CustomEvent<{ path: string }>).detail.path = there.pathname + there.search;
	}
});
