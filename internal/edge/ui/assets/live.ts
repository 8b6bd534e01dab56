// Counts of the rail and the top bar follow a stream of events, each named
// after what it counts. A part of the page that lists what is counted hears
// "live-" and the name when the count is another than the page has shown.
import { onPage } from "./page";

let stream: EventSource | undefined;
let address = "";

// few is a count as a badge has room for it; the frame says the same.
function few(count: number): string {
	return count > 999 ? "999+" : String(count);
}

function show(name: string, count: number): void {
	const shown = document.querySelector<HTMLElement>(`[data-live="${name}"]`);
	if (shown && shown.textContent !== few(count)) {
		document.body.dispatchEvent(new CustomEvent(`live-${name}`));
	}
	for (const element of document.querySelectorAll<HTMLElement>(`[data-live="${name}"]`)) {
		element.textContent = few(count);
		element.hidden = count <= 0;
	}
}

function listen(): void {
	const wanted = document.querySelector<HTMLElement>("[data-live-url]")?.dataset.liveUrl ?? "";
	if (wanted === address) {
		return;
	}
	stream?.close();
	address = wanted;
	if (!wanted) {
		return;
	}
	stream = new EventSource(wanted);
	const names = new Set([...document.querySelectorAll<HTMLElement>("[data-live]")].map((element) => element.dataset.live ?? ""));
	for (const name of names) {
		stream.addEventListener(name, (event) => show(name, Number(event.data) || 0));
	}
}

onPage(listen);
window.addEventListener("pagehide", () => {
	stream?.close();
	address = "";
});
window.addEventListener("pageshow", (event) => {
	if (event.persisted) {
		listen();
	}
});
