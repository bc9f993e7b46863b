// @ts-check
// Light, dark or as the system says; and the colours of the style sheet for what is drawn on canvases.

/** @param {HTMLSelectElement} select @param {() => void} onChange */
export function connectTheme(select, onChange) {
  const apply = () => {
    document.documentElement.dataset.theme = select.value;
    onChange();
  };
  try { select.value = localStorage.getItem("gridscout-theme") || "auto"; } catch { /* Storage may be closed to us; the choice then lasts for this visit. */ }
  select.addEventListener("change", () => {
    try { localStorage.setItem("gridscout-theme", select.value); } catch { /* as above */ }
    apply();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
  matchMedia("print").addEventListener("change", onChange);
  apply();
}

/** @returns {import("./types.js").Colours} */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: of("ink"), faint: of("faint"), grid: of("grid"), paper: of("paper"), panel: of("panel"),
    path: of("path"), seed: of("seed"), accent: of("accent"), second: of("second"),
  };
}
