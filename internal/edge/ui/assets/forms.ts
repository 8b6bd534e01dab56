// Forms are sent once, some of them as soon as something changes.
import { onPage } from "./page";

function formOf(event: Event): HTMLFormElement | null {
	return event.target instanceof HTMLFormElement ? event.target : null;
}

function release(form: HTMLFormElement): void {
	delete form.dataset.sent;
	const changed = form.querySelector<HTMLElement>("[data-unsent]");
	if (changed) {
		delete changed.dataset.unsent;
		form.requestSubmit();
	}
	for (const button of form.querySelectorAll("[aria-busy]")) {
		button.removeAttribute("aria-busy");
	}
}

let pressed = false; // and not sent by itself, as soon as something changed

// In the capturing phase, so that a second press is stopped before anybody hears of it.
document.addEventListener(
	"submit",
	(event) => {
		const form = formOf(event);
		if (!form || form.method !== "post") {
			return;
		}
		if (form.dataset.sent !== undefined) {
			event.preventDefault();
			event.stopImmediatePropagation();
			return;
		}
		form.dataset.sent = "";
		pressed = event.submitter !== null;
		event.submitter?.setAttribute("aria-busy", "true");
		// an answer that is a file leaves the page standing
		window.setTimeout(() => release(form), 8000);
	},
	true,
);
document.addEventListener("htmx:afterRequest", (event) => {
	const form = formOf(event); // what else asks something from within a form has not sent it
	if (form) {
		release(form);
	}
});
window.addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach(release));

// Whoever presses a button and is refused is led to what is wrong: to the first field, or else to what is said of the whole.
document.addEventListener("htmx:afterSettle", (event) => {
	const status = (event as CustomEvent<{ xhr?: XMLHttpRequest }>).detail.xhr?.status;
	if (!pressed || (status !== 409 && status !== 422)) {
		return;
	}
	pressed = false;
	const within = document.querySelector("dialog[open]") ?? document.getElementById("main") ?? document.body;
	const seen = (selector: string) => [...within.querySelectorAll<HTMLElement>(selector)].find((one) => one.checkVisibility());
	const field = seen("[aria-invalid=true]");
	const notice = seen(".notice[role=alert]");
	if (field) {
		field.focus();
	} else if (notice) {
		notice.tabIndex = -1;
		notice.focus();
	}
});

// Filters leave what is empty out of the address.
document.addEventListener("htmx:configRequest", (event) => {
	if (!(event.target instanceof HTMLFormElement) || event.target.dataset.follows === undefined) {
		return;
	}
	const fields = (event as CustomEvent<{ formData: FormData }>).detail.formData;
	for (const [name, value] of [...fields.entries()]) {
		if (value === "") {
			fields.delete(name);
		}
	}
});

function follows(target: EventTarget | null): HTMLFormElement | null {
	if (!(target instanceof HTMLElement) || target.closest("[popover]")) {
		return null;
	}
	return target.closest<HTMLFormElement>("form[data-follows]");
}

document.addEventListener("change", (event) => {
	const field = event.target;
	if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement)) {
		return;
	}
	if (field.dataset.tickAll !== undefined) {
		tickAll(field as HTMLInputElement);
	}
	if (field.closest(".tick")) {
		countTicks();
	}
	if (field.dataset.submits !== undefined) {
		submit(field);
	} else if (field.type !== "search") {
		follows(field)?.requestSubmit();
	}
});

// What changes again while the last change is still on its way is sent when that has arrived. Until then it is
// marked, and the answer leaves it alone.
function submit(field: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement): void {
	if (field.form?.method === "post" && field.form.dataset.sent !== undefined) {
		field.dataset.unsent = "";
	} else {
		field.form?.requestSubmit();
	}
}

let typing = 0;
document.addEventListener("input", (event) => {
	if (!(event.target instanceof HTMLInputElement) || event.target.type !== "search") {
		return;
	}
	const form = follows(event.target);
	clearTimeout(typing);
	typing = window.setTimeout(() => form?.requestSubmit(), 300);
});

function tickAll(all: HTMLInputElement): void {
	for (const one of all.closest("table")?.querySelectorAll<HTMLInputElement>("tbody .tick input") ?? []) {
		one.checked = all.checked;
	}
}

function countTicks(): void {
	for (const bulk of document.querySelectorAll<HTMLElement>("[data-bulk]")) {
		const ticked = document.querySelectorAll(`.tick input[form="${bulk.dataset.bulk}"]:checked`).length;
		bulk.hidden = ticked === 0;
		for (const count of bulk.querySelectorAll("[data-ticked]")) {
			count.textContent = String(ticked);
		}
	}
}
onPage(countTicks);

// A quantity goes up and down by its step, in thousandths, so that nothing is rounded.
const separator = new Intl.NumberFormat(document.documentElement.lang || "en").formatToParts(1.5).find((part) => part.type === "decimal")?.value ?? ".";

function read(text: string): number {
	const plain = separator === "," ? text.replaceAll(".", "").replace(",", ".") : text.replaceAll(",", "");
	return Math.round(Number(plain.replace(/\s/g, "")) * 1000);
}

function write(thousandths: number): string {
	return String(thousandths / 1000).replace(".", separator);
}

function step(input: HTMLInputElement, direction: number): void {
	if (input.disabled || input.readOnly) {
		return;
	}
	const by = Math.round(Number(input.dataset.by ?? "1") * 1000) || 1000;
	const least = Math.round(Number(input.dataset.min ?? "0") * 1000);
	const most = input.dataset.max === undefined ? Infinity : Math.round(Number(input.dataset.max) * 1000);
	const now = read(input.value);
	const steps = Number.isNaN(now) ? 0 : (now - least) / by;
	const next = least + by * (direction > 0 ? Math.floor(steps) + 1 : Math.ceil(steps) - 1);
	input.value = write(Math.min(Math.max(next, least), most));
	input.dispatchEvent(new Event("input", { bubbles: true }));
	input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
	const button = (event.target as Element).closest<HTMLElement>("[data-step]");
	const input = button?.closest("[data-stepper]")?.querySelector("input");
	if (button && input) {
		step(input, Number(button.dataset.step));
	}
});
document.addEventListener("keydown", (event) => {
	const input = event.target;
	if (!(input instanceof HTMLInputElement) || input.dataset.as !== "quantity") {
		return;
	}
	if (event.key === "ArrowUp" || event.key === "ArrowDown") {
		event.preventDefault();
		step(input, event.key === "ArrowUp" ? 1 : -1);
	}
});
