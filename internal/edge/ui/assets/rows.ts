// Rows that stand in an order of their own are dragged by their grips: what is dropped on another takes its place. The form
// around the grip is sent, as by its buttons, so whoever can do neither misses nothing.

let dragged: HTMLElement | null = null; // a grip

function gripOf(row: Element | null): HTMLElement | null {
	return row?.querySelector<HTMLElement>("[data-place]") ?? null;
}
function place(grip: HTMLElement): number {
	return Number(grip.dataset.place);
}

/** The row that one points at, when it is another one of the same table. */
function under(target: EventTarget | null): HTMLElement | null {
	const row = target instanceof Element ? target.closest<HTMLElement>("tr") : null;
	const own = dragged?.closest("tr");
	return row && own && row !== own && row.parentElement === own.parentElement && gripOf(row) ? row : null;
}

/** Where what is dragged would come to stand. */
function mark(row: HTMLElement | null): void {
	document.querySelectorAll<HTMLElement>("tr[data-drop]").forEach((other) => delete other.dataset.drop);
	const grip = gripOf(row);
	if (row && grip && dragged) {
		row.dataset.drop = place(grip) < place(dragged) ? "before" : "behind";
	}
}

document.addEventListener("dragstart", (event) => {
	dragged = event.target instanceof HTMLElement && event.target.dataset.place !== undefined ? event.target : null;
	const row = dragged?.closest("tr");
	if (row && event.dataTransfer) {
		event.dataTransfer.effectAllowed = "move";
		event.dataTransfer.setDragImage(row, 8, 8);
		row.dataset.dragged = "";
	}
});
document.addEventListener("dragover", (event) => {
	if (!dragged) {
		return;
	}
	const row = under(event.target);
	if (row) {
		event.preventDefault();
	}
	mark(row);
});
document.addEventListener("dragend", () => {
	mark(null);
	delete dragged?.closest("tr")?.dataset.dragged;
	dragged = null;
});
document.addEventListener("drop", (event) => {
	const row = under(event.target);
	const to = gripOf(row);
	const form = dragged?.closest("form");
	if (!to || !form) {
		return;
	}
	event.preventDefault();
	const button = document.createElement("button"); // what is pressed says where to
	button.hidden = true;
	button.name = "to";
	button.value = String(place(to));
	form.append(button);
	button.click();
	button.remove();
});
