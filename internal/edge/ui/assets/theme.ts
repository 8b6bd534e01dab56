// The theme is kept in a cookie, so that the server draws the next page in it
// from the start.
document.addEventListener("click", (event) => {
	if (!(event.target as Element).closest("[data-theme-toggle]")) {
		return;
	}
	const root = document.documentElement;
	const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
	const theme = dark ? "light" : "dark";
	root.dataset.theme = theme;
	document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
});
