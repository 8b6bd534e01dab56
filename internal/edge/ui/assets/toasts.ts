// Toasts go by themselves, but not while one points at them, nor bad news at all.
import { onPage } from "./page";

const shown = new WeakSet<Element>();

function leave(toast: HTMLElement): void {
	toast.dataset.leaving = "";
	window.setTimeout(() => toast.remove(), 200);
}

function time(toast: HTMLElement): void {
	const milliseconds = toast.querySelector("form") ? 12000 : 6000;
	window.setTimeout(() => {
		if (toast.matches(":hover, :focus-within")) {
			time(toast);
		} else {
			leave(toast);
		}
	}, milliseconds);
}

onPage(() => {
	for (const toast of document.querySelectorAll<HTMLElement>("[data-toast]")) {
		if (!shown.has(toast)) {
			shown.add(toast);
			if (toast.dataset.tone !== "bad") {
				time(toast);
			}
		}
	}
});

document.addEventListener("click", (event) => {
	const toast = (event.target as Element).closest("[data-dismiss]")?.closest<HTMLElement>("[data-toast]");
	if (toast) {
		leave(toast);
	}
});

// The server cannot say that it cannot be reached.
document.addEventListener("htmx:sendError", () => {
	const sample = document.querySelector<HTMLTemplateElement>("#unreachable")?.content.firstElementChild;
	const place = document.getElementById("toasts");
	if (sample && place && !place.querySelector("[data-unreachable]")) {
		const toast = place.appendChild(sample.cloneNode(true) as HTMLElement);
		toast.dataset.unreachable = "";
	}
});
