// Whoever leaves a page with something typed that was not sent, or was refused, is asked first. Nothing of it is kept in the
// browser: another person may use it next.
import { onPage } from "./page";

const page = () => location.pathname + location.search;
let refused = ""; // the page on which what was sent last was refused

/** Whether something that somebody typed here would be lost. What sends itself, finds, ticks or signs in is no such thing. */
function unsent(): boolean {
	const forms = [...document.querySelectorAll<HTMLFormElement>("form[method=post]")].filter((form) => !form.querySelector("[type=password]"));
	return forms.some((form) => {
		if (form.dataset.sent !== undefined) {
			return false; // it is on its way
		}
		if (refused === page() && [...form.elements].some((field) => field.getAttribute("aria-invalid") === "true")) {
			return true;
		}
		return ([...form.elements] as HTMLElement[]).some((field) => {
			const apart = field.dataset.submits !== undefined || field.closest(".tick, dialog:not([open])") !== null || ["hidden", "search"].includes((field as HTMLInputElement).type);
			return !apart && other(field);
		});
	});
}

/** Whether a field holds something else than it came with. */
function other(field: HTMLElement): boolean {
	if (field instanceof HTMLSelectElement) {
		const options = [...field.options];
		const came = options.findIndex((option) => option.defaultSelected);
		return !field.multiple && field.selectedIndex !== (came < 0 ? 0 : came);
	}
	if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) {
		return field.checked !== field.defaultChecked;
	}
	return (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.value !== field.defaultValue;
}

document.addEventListener("htmx:afterSettle", (event) => {
	const detail = (event as CustomEvent<{ xhr?: XMLHttpRequest; requestConfig?: { verb: string } }>).detail;
	if (detail.xhr && detail.requestConfig?.verb === "post") {
		refused = detail.xhr.status === 422 || detail.xhr.status === 409 || detail.xhr.status === 400 ? page() : "";
	}
});

// A form that is sent in the browser's own way leaves the page as well, and is meant to.
let sending = false;
document.addEventListener("submit", (event) => (sending = !event.defaultPrevented));
onPage(() => (sending = false));

window.addEventListener("beforeunload", (event) => {
	if (!sending && unsent()) {
		event.preventDefault();
	}
});

// A link within the portal fetches the next page, and the browser asks nobody.
type Ask = CustomEvent<{ elt: Element; target: Element; path: string; verb: string; issueRequest: (confirmed: boolean) => void }>;
document.addEventListener("htmx:confirm", (event) => {
	const { elt, target, verb } = (event as Ask).detail;
	if (event.defaultPrevented || verb !== "get" || target !== document.body || !(elt instanceof HTMLAnchorElement) || !unsent()) {
		return;
	}
	if (!window.confirm(document.querySelector<HTMLElement>("[data-leaving]")?.dataset.leaving ?? "")) {
		event.preventDefault();
		event.stopImmediatePropagation();
	}
});
