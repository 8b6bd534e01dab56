// A field in which one types a part of a name proposes what has it. Without scripts the server finds the whole name. What
// the search of the top bar proposes leads somewhere.
import htmx from "htmx.org";

function finderOf(target: EventTarget | null): HTMLElement | null {
	return target instanceof Element ? target.closest<HTMLElement>("[data-finder]") : null;
}
function parts(finder: HTMLElement) {
	return {
		input: finder.querySelector<HTMLInputElement>("[role=combobox]")!,
		list: finder.querySelector<HTMLElement>("[role=listbox]")!,
		value: finder.querySelector<HTMLInputElement>("[data-finder-value]"),
		was: finder.querySelector<HTMLInputElement>("[data-finder-was]"),
		said: finder.querySelector<HTMLElement>("[data-finder-said]"),
	};
}
function options(list: HTMLElement): HTMLElement[] {
	return [...list.querySelectorAll<HTMLElement>("[role=option]:not([aria-disabled])")];
}

function close(finder: HTMLElement): void {
	const { input, list } = parts(finder);
	list.hidden = true;
	input.setAttribute("aria-expanded", "false");
	input.removeAttribute("aria-activedescendant");
}

function choose(finder: HTMLElement, option: HTMLElement): void {
	const { input, value, was } = parts(finder);
	close(finder);
	if (!value || !was) {
		location.assign(option.dataset.url ?? "/");
		return;
	}
	value.value = option.dataset.value ?? "";
	input.value = was.value = option.dataset.label ?? "";
	input.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "chosen" }));
}

function point(finder: HTMLElement, option: HTMLElement | undefined): void {
	const { input, list } = parts(finder);
	for (const [i, other] of options(list).entries()) {
		other.id = `${list.id}-${i}`;
		other.setAttribute("aria-selected", String(other === option));
	}
	if (option) {
		input.setAttribute("aria-activedescendant", option.id);
		option.scrollIntoView({ block: "nearest" });
	}
}

let turn = 0;
async function propose(finder: HTMLElement): Promise<void> {
	const { input, list, was, said } = parts(finder);
	const asked = input.value;
	const mine = ++turn;
	if (!was && asked.trim() === "") {
		close(finder);
		return;
	}
	const address = new URL(finder.dataset.finder ?? "", location.href);
	address.searchParams.set("q", asked === was?.value ? "" : asked);
	await htmx.ajax("get", address.pathname + address.search, { source: list, target: list, swap: "innerHTML", select: "unset" } as object);
	if (mine === turn && input.value === asked && document.activeElement === input) {
		if (said) {
			said.textContent = list.querySelector<HTMLElement>("[data-said]")?.dataset.said ?? "";
		}
		list.hidden = false;
		input.setAttribute("aria-expanded", "true");
		point(finder, undefined);
	}
}

let typing = 0;
document.addEventListener("input", (event) => {
	const finder = finderOf(event.target);
	if (finder) {
		clearTimeout(typing);
		typing = window.setTimeout(() => void propose(finder), 200);
	}
});
document.addEventListener(
	"change",
	(event) => {
		const finder = finderOf(event.target);
		// what has been typed and names nothing yet is sent with the form, and not by itself
		if (finder && !(event instanceof CustomEvent)) {
			event.stopPropagation();
		}
	},
	true,
);
// who has sent the form waits for its answer, and for no proposal
document.addEventListener("submit", (event) => {
	const finder = finderOf(event.target);
	if (finder && event.target === finder) {
		clearTimeout(typing);
		turn++;
		close(finder);
	}
});
document.addEventListener("focusout", (event) => {
	const finder = finderOf(event.target);
	if (finder) {
		close(finder);
	}
});
// the field keeps the focus while one presses what it proposes
document.addEventListener("mousedown", (event) => {
	if ((event.target as Element).closest("[data-finder] [role=listbox]")) {
		event.preventDefault();
	}
});
document.addEventListener("click", (event) => {
	const finder = finderOf(event.target);
	const option = (event.target as Element).closest<HTMLElement>("[role=option]:not([aria-disabled])");
	if (finder && option) {
		choose(finder, option);
	}
});
document.addEventListener(
	"keydown",
	(event) => {
		const finder = finderOf(event.target);
		if (!finder) {
			return;
		}
		const { list } = parts(finder);
		const all = options(list);
		const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
		if (list.hidden) {
			if (event.key === "ArrowDown") {
				void propose(finder);
				event.preventDefault();
			}
			return;
		}
		switch (event.key) {
			case "ArrowDown":
				point(finder, all[Math.min(here + 1, all.length - 1)]);
				break;
			case "ArrowUp":
				point(finder, all[Math.max(here - 1, 0)]);
				break;
			case "Enter":
				if (here < 0) {
					return;
				}
				choose(finder, all[here]!);
				break;
			case "Escape":
				close(finder);
				break;
			default:
				return;
		}
		event.preventDefault();
		event.stopPropagation();
	},
	true,
);

// In an address what was chosen is enough.
document.addEventListener("formdata", (event) => {
	for (const finder of (event.target as HTMLFormElement).querySelectorAll<HTMLElement>("[data-finder]")) {
		const { input, value, was } = parts(finder);
		if (value && was && input.value === was.value) {
			event.formData.delete(input.name);
			event.formData.delete(was.name);
			event.formData.set(value.name, value.value);
		}
	}
});
