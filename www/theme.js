// @ts-check
// Light, dark or as the system says; and the colours of the style sheet for what is drawn on canvases.

/** @param {HTMLSelectElement} select @param {() => void} onChange @param {() => void} drawNow draws before it returns */
export function connectTheme(select, onChange, drawNow) {
  const changed = () => { read = null; onChange(); };
  const apply = () => {
    document.documentElement.dataset.theme = select.value;
    changed();
  };
  try { select.value = localStorage.getItem("gridscout-theme") || "auto"; } catch { /* Storage may be closed to us; the choice then lasts for this visit. */ }
  select.addEventListener("change", () => {
    try { localStorage.setItem("gridscout-theme", select.value); } catch { /* as above */ }
    apply();
  });
  for (const asked of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(asked).addEventListener("change", changed);
  // What is printed is printed at once, light, and no frame comes before it.
  const dress = (/** @type {string} */ theme, /** @type {boolean} */ printing) => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.toggleAttribute("data-printing", printing);
    read = null;
    drawNow();
  };
  addEventListener("beforeprint", () => dress("light", true));
  addEventListener("afterprint", () => dress(select.value, false));
  apply();
}

/** @type {import("./types.js").Colours | null} */
let read = null;

/** The colours in force; asking the browser every frame would have it work out all styles anew. @returns {import("./types.js").Colours} */
export function colours() {
  read ??= readColours();
  return read;
}

/** The colours that an element is shown in. @param {Element} [element] @returns {import("./types.js").Colours} */
export function readColours(element = document.documentElement) {
  const style = getComputedStyle(element);
  const probe = matchMedia("(forced-colors: active)").matches ? element.appendChild(document.createElement("i")) : null;
  if (probe) probe.style.forcedColorAdjust = "none";
  /** Forced colours are named by what they are for; how they look is told by what wears them. @param {string} name */
  const of = (name) => {
    const value = style.getPropertyValue(`--${name}`).trim();
    if (!probe) return value;
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const colours = {
    ink: of("ink"), faint: of("faint"), grid: of("grid"), paper: of("paper"), panel: of("panel"),
    path: of("path"), seed: of("seed"), accent: of("accent"), second: of("second"),
  };
  probe?.remove();
  return colours;
}
