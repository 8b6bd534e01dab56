// What the pages do beyond what HTML does by itself. Everything hangs on the
// document and finds its elements when something happens, so a page that has
// been morphed needs nothing attached again.
import "./page";
import "./finder";
import "./forms";
import "./keys";
import "./live";
import "./permissions";
import "./popups";
import "./rows";
import "./theme";
import "./toasts";
import "./tree";
import "./unsent";

document.documentElement.dataset.scripts = "";
