// A node of a tree that is dropped on another is moved there by an ordinary form.
import htmx from "htmx.org";

let dragged: HTMLElement | null = null;

function node(event: DragEvent): HTMLElement | null {
	return (event.target as Element).closest<HTMLElement>("[data-node]");
}

// below itself a node cannot go
function receives(place: HTMLElement | null): place is HTMLElement {
	return !!place && !!dragged && place.dataset.receives !== undefined && place.closest("[data-move-url]") === dragged.closest("[data-move-url]") && !dragged.closest("li")?.contains(place);
}

function mark(place: HTMLElement | null): void {
	document.querySelectorAll<HTMLElement>("[data-target]").forEach((other) => delete other.dataset.target);
	if (place) {
		place.dataset.target = "";
	}
}

document.addEventListener("dragstart", (event) => {
	dragged = node(event);
	if (dragged && event.dataTransfer) {
		dragged.dataset.dragged = "";
		event.dataTransfer.effectAllowed = "move";
	}
});
document.addEventListener("dragover", (event) => {
	const place = node(event);
	if (receives(place)) {
		event.preventDefault();
		mark(place);
	} else {
		mark(null);
	}
});
document.addEventListener("dragend", () => {
	mark(null);
	if (dragged) {
		delete dragged.dataset.dragged;
	}
	dragged = null;
});
document.addEventListener("drop", (event) => {
	const place = node(event);
	const tree = place?.closest<HTMLElement>("[data-move-url]");
	if (!receives(place) || !tree) {
		return;
	}
	event.preventDefault();
	const form = document.createElement("form");
	form.method = "post";
	form.action = tree.dataset.moveUrl ?? "";
	form.hidden = true;
	for (const [name, value] of [["node", dragged?.dataset.node], ["under", place.dataset.node]]) {
		const input = document.createElement("input");
		input.type = "hidden";
		input.name = name ?? "";
		input.value = value ?? "";
		form.append(input);
	}
	tree.append(form);
	htmx.process(form);
	form.requestSubmit();
});
