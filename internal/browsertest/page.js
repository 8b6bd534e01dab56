// What a test must know of a page and the page does not tell: whether something is still to come, and where a press
// lands. It runs before the page's own scripts, and not where scripts are off.
(() => {
	let coming = 0;

	// What a page puts off for a moment is still to come. What it puts off for longer never comes: a toast that leaves
	// or a form that gives up waiting would make a slow day another test than a quick one.
	const moment = 1000;
	const start = window.setTimeout.bind(window);
	const stop = window.clearTimeout.bind(window);
	const waiting = new Set();
	const over = (timer) => {
		if (waiting.delete(timer)) {
			coming--;
		}
	};
	window.setTimeout = (run, after = 0, ...args) => {
		if (after > moment) {
			return 0;
		}
		const timer = start(() => {
			try {
				run(...args);
			} finally {
				over(timer);
			}
		}, after);
		waiting.add(timer);
		coming++;
		return timer;
	};
	window.clearTimeout = (timer) => {
		stop(timer);
		over(timer);
	};

	// An answer has come when everybody who waited for it has heard of it.
	const send = XMLHttpRequest.prototype.send;
	XMLHttpRequest.prototype.send = function (...args) {
		coming++;
		this.addEventListener("loadend", () => coming--, { once: true });
		send.apply(this, args);
	};

	// A press that would land beside what it was meant for is kept from the page.
	let target = null;
	let press = "";
	for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
		window.addEventListener(
			type,
			(event) => {
				if (!event.isTrusted || press === "" || press === "landed") {
					return;
				}
				const hit = target.contains(event.target) || event.target.closest?.("label")?.control === target;
				if (type === "pointerdown") {
					press = hit ? "down" : "beside";
				}
				if (press === "beside") {
					event.preventDefault();
					event.stopImmediatePropagation();
				} else if (type === "click") {
					press = hit ? "landed" : "lost";
				}
			},
			true,
		);
	}

	document.addEventListener("htmx:afterSettle", () => delete window.pageBefore);

	window.browsertest = {
		rests: () => coming === 0,
		aim(element) {
			target = element;
			press = "aimed";
		},
		press: () => press,
	};
})();
