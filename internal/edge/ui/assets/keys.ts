// Keys: "/" searches, "g" and a letter goes, a letter presses, "j" and "k" walk
// a list, whether of rows, of items or of cards, "x" ticks a row of it, "?" helps. What a letter would send at once it takes up first, so that
// a slip of the finger decides nothing: the letter again, or Enter, sends it. Whoever types by voice can turn them off in the help.
import { onPage } from "./page";

const off = "keys-off";
let going = -Infinity;

function typesHere(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}

function sends(element: HTMLElement): boolean {
	return element instanceof HTMLButtonElement && element.type === "submit";
}

function press(selector: string): boolean {
	for (const element of document.querySelectorAll<HTMLElement>(selector)) {
		if (element.checkVisibility() && !element.matches(":disabled")) {
			if (sends(element) && document.activeElement !== element) {
				element.focus();
			} else {
				element.click();
			}
			return true;
		}
	}
	return false;
}

// lines are what the lists of a page are made of.
const lines = "main tbody > tr, main .items > li, main [data-line], main .stat:has(.row-link)";

// grip is what takes the focus for a line: what leads to what it is about, else a link in it, else the line itself. A button that
// does something is not taken up by the way.
function grip(line: HTMLElement): HTMLElement {
	for (const selector of [".row-link", "[data-opens] button", "th a[href]", "a[href]"]) {
		const found = [...line.querySelectorAll<HTMLElement>(selector)].find((e) => e.checkVisibility());
		if (found) {
			return found;
		}
	}
	line.tabIndex = -1;
	return line;
}

function walk(by: number): boolean {
	const all = [...document.querySelectorAll<HTMLElement>(lines)].filter((line) => line.checkVisibility());
	const here = all.findIndex((line) => line.contains(document.activeElement));
	const next = all[here < 0 && by < 0 ? all.length - 1 : here + by];
	if (next) {
		grip(next).focus();
	}
	return next !== undefined;
}

// tick ticks or unticks the row that the focus is in.
function tick(): boolean {
	const box = document.activeElement?.closest("tr")?.querySelector<HTMLInputElement>(".tick input");
	box?.click();
	return box !== null && box !== undefined;
}

// Keys are as far apart as they were pressed, not as the page came to hear of them.
function act(key: string, at: number): boolean {
	const went = at - going < 1200;
	going = -Infinity;
	if (went && /^[a-z]$/.test(key)) {
		return press(`[data-go="${key}"]`);
	}
	switch (key) {
		case "/": {
			const find = document.querySelector<HTMLInputElement>("[data-find]");
			find?.focus();
			find?.select();
			return find !== null;
		}
		case "?":
			document.querySelector<HTMLDialogElement>("#shortcuts")?.showModal();
			return true;
		case "g":
			going = at;
			return true;
		case "j":
			return walk(1);
		case "k":
			return walk(-1);
		case "x":
			return tick();
		default:
			return /^[a-z]$/.test(key) && press(`[data-key="${key}"]`);
	}
}

document.addEventListener("keydown", (event) => {
	if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) {
		return;
	}
	if (typesHere(event.target) || document.querySelector("dialog:modal") || localStorage.getItem(off)) {
		return;
	}
	if (act(event.key, event.timeStamp)) {
		event.preventDefault();
	}
});

document.addEventListener("change", (event) => {
	if (event.target instanceof HTMLInputElement && event.target.dataset.keys !== undefined) {
		if (event.target.checked) {
			localStorage.removeItem(off);
		} else {
			localStorage.setItem(off, "1");
		}
	}
});
onPage(() => {
	const toggle = document.querySelector<HTMLInputElement>("[data-keys]");
	if (toggle) {
		toggle.checked = !localStorage.getItem(off);
	}
});
