// Menus and explanations open by themselves. Dialogs do too, where the browser
// knows commands; here are those that come open, and the help for older browsers.
import { onPage } from "./page";

const knowsCommands = "commandForElement" in HTMLButtonElement.prototype;

document.addEventListener("click", (event) => {
	const target = event.target as Element;
	const button = target.closest<HTMLElement>("button[commandfor]");
	if (button && !knowsCommands) {
		(document.getElementById(button.getAttribute("commandfor") ?? "") as HTMLDialogElement | null)?.showModal();
	}
	if (target.closest("[data-closes]")) {
		target.closest("dialog")?.close();
	}
	if (target instanceof HTMLDialogElement && !("closedBy" in target)) {
		(target as HTMLDialogElement).close(); // pressed beside it
	}
});

onPage(() => {
	const dialog = document.querySelector<HTMLDialogElement>("dialog[data-open-now]");
	if (dialog && !dialog.matches(":modal")) {
		dialog.close();
		dialog.showModal();
	}
});
