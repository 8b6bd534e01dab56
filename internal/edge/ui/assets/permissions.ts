// Ticking a permission ticks what it needs, unticking one unticks what needs
// it, and a group follows its leaves. The server keeps the same rules.
import { onPage } from "./page";

type Tree = HTMLElement;

const leavesOf = (place: Element) => [...place.querySelectorAll<HTMLInputElement>("input[type=checkbox]:not([data-group])")];
const needsOf = (leaf: HTMLInputElement) => leaf.dataset.needs?.split(" ") ?? [];

function tick(tree: Tree, leaf: HTMLInputElement, ticked: boolean): void {
	if (leaf.disabled || leaf.checked === ticked) {
		return;
	}
	leaf.checked = ticked;
	spread(tree, leaf);
}

function spread(tree: Tree, leaf: HTMLInputElement): void {
	for (const other of leavesOf(tree)) {
		if (leaf.checked && needsOf(leaf).includes(other.value)) {
			tick(tree, other, true);
		}
		if (!leaf.checked && needsOf(other).includes(leaf.value)) {
			tick(tree, other, false);
		}
	}
}

function show(tree: Tree): void {
	for (const group of tree.querySelectorAll<HTMLInputElement>("input[data-group]")) {
		const place = group.closest("li");
		if (!place) {
			continue;
		}
		const leaves = leavesOf(place);
		const ticked = leaves.filter((leaf) => leaf.checked).length;
		group.checked = ticked === leaves.length;
		group.indeterminate = ticked > 0 && ticked < leaves.length;
		const count = place.querySelector(":scope > .permission [data-count]");
		if (count) {
			count.textContent = `${ticked}/${leaves.length}`;
		}
	}
}

document.addEventListener("change", (event) => {
	const box = event.target;
	if (!(box instanceof HTMLInputElement)) {
		return;
	}
	const tree = box.closest<Tree>("[data-permissions]");
	if (!tree) {
		return;
	}
	if (box.dataset.group !== undefined) {
		const free = leavesOf(box.closest("li") ?? tree).filter((leaf) => !leaf.disabled);
		const ticked = free.some((leaf) => !leaf.checked); // what is locked keeps no group from being unticked
		for (const leaf of free) {
			tick(tree, leaf, ticked);
		}
	} else {
		spread(tree, box);
	}
	show(tree);
});

onPage(() => document.querySelectorAll<Tree>("[data-permissions]").forEach(show));
