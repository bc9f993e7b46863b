// @ts-check
// The reader chooses what is exported, as what, and how large.
import { entries } from "../campaign.js";
import { byId, setText } from "../dom.js";
import { toPng, toSvg } from "./compose.js";
import { picture, VIEWS } from "./pictures.js";
import { printAlone } from "./print.js";
import { fileName, linesOf, provenanceOf } from "./provenance.js";
import { printColours } from "./sheet.js";
import { rowsOf, sizeAsked } from "./size.js";
import { table, toCsv, toJson } from "./tables.js";

/** Widest that fits between the margins of A4 and Letter, mm. */
const PAGE_MM = 180;
const PICTURES = ["svg", "png"];
/** Of the preview when numbers are saved. @type {import("./size.js").Size} */
const SMALL = { css: 333, columns: 333, mm: 88, dpi: 96 };

/**
 * @param {{ campaign: import("../types.js").Campaign | null, view: import("../types.js").View }} app
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {{ grid: any, simplex: any }} views
 * @param {ReturnType<typeof import("../shade.js").createShade>} shade
 * @param {any} description what the engine says of itself
 */
export function connectExport(app, engine, views, shade, description) {
  const section = byId("export-section", HTMLDetailsElement);
  const what = byId("export-view", HTMLSelectElement);
  const format = byId("export-format", HTMLSelectElement);
  const width = byId("export-width", HTMLInputElement);
  const unit = byId("export-unit", HTMLSelectElement);
  const dpi = byId("export-dpi", HTMLInputElement);
  const paper = byId("export-paper", HTMLSelectElement);
  const preview = byId("export-preview", HTMLImageElement);
  const say = (/** @type {string} */ text, problem = false) => {
    byId("export-message", HTMLElement).classList.toggle("problem", problem);
    setText("export-message", text);
  };
  let widthIsTheirs = false;
  let asked = 0;
  what.append(...VIEWS.map(({ id, title }) => new Option(title, id)));

  /** What the page shows now, in print colours. @returns {Promise<{ shown: import("./pictures.js").Shown, about: import("./provenance.js").Provenance }>} */
  async function gather() {
    const { campaign } = app;
    if (!campaign || entries(campaign) === 0) throw new Error("There is nothing to export yet: the campaign has not begun.");
    const view = { ...app.view, colours: printColours(), hover: -1, next: null };
    const about = provenanceOf(campaign, description, {
      preset: byId("preset", HTMLSelectElement).value, view: what.value, iteration: view.cursor,
      digest: campaign.ended ? byId("digest", HTMLOutputElement).textContent || null : null,
    });
    const inputs = [...byId("capacity", HTMLElement).querySelectorAll("input")].map((input) => [input.id.replace("capacity-", ""), Number(input.value)]);
    const config = what.value === "capacity" ? Object.fromEntries(inputs) : {};
    if (inputs.length && what.value === "capacity") Object.assign(about, { capacity: config });
    const [shading, summary, capacity] = await Promise.all([
      shade.at(campaign, view.cursor, byId("shade", HTMLSelectElement).value),
      what.value === "ledger" ? engine.call("summary") : null,
      what.value === "capacity" ? engine.call("capacity", { config }) : null,
    ]);
    const shown = {
      campaign, view, log: byId("log", HTMLInputElement).checked, shade: shading, summary, capacity, radius_nm: config.radius_nm ?? 150,
      grid: views.grid, simplex: views.simplex, lines: linesOf(about),
    };
    return { shown, about };
  }

  /** The size that is asked for; says what is wrong with it. */
  function size() {
    const answer = sizeAsked({ width: width.value, unit: unit.value, dpi: dpi.value });
    for (const [field, input] of /** @type {const} */ ([["width", width], ["dpi", dpi]])) input.setAttribute("aria-invalid", String(answer.problem?.field === field));
    if (answer.problem) throw new Error(answer.problem.message);
    return answer.size;
  }

  /** A file of what is chosen. */
  async function make() {
    const pictured = PICTURES.includes(format.value);
    const chosen = pictured ? size() : null;
    const { shown, about } = await gather();
    const name = fileName(about, format.value);
    if (!chosen) {
      const columns = table(about.view, shown);
      return format.value === "csv" ? { name, blob: new Blob([toCsv(columns, about)], { type: "text/csv" }) } : { name, blob: new Blob([toJson(columns, about)], { type: "application/json" }) };
    }
    const drawn = picture(about.view, chosen.css, shown);
    if (format.value === "png") return { name, blob: await toPng(drawn, chosen, about, shown.view.colours.paper) };
    return { name, blob: new Blob([toSvg(drawn, chosen, about, shown.view.colours.paper)], { type: "image/svg+xml" }) };
  }

  /** One look at what would be saved or printed; the last good one stays. */
  async function look() {
    if (!section.open) return;
    const mine = (asked += 1);
    const pictured = PICTURES.includes(format.value);
    for (const input of [width, unit, dpi]) input.disabled = !pictured;
    try {
      const chosen = pictured ? size() : SMALL;
      const { shown, about } = await gather();
      if (mine !== asked) return;
      const drawn = picture(about.view, chosen.css, shown);
      URL.revokeObjectURL(preview.src);
      preview.src = URL.createObjectURL(new Blob([toSvg(drawn, chosen, about, shown.view.colours.paper)], { type: "image/svg+xml" }));
      preview.alt = `Preview: ${drawn.words}`;
      preview.hidden = false;
      const rows = format.value === "png" ? rowsOf(chosen, drawn.width, drawn.height) : 0;
      const high = ((chosen.mm * drawn.height) / drawn.width).toFixed(0);
      say(!pictured ? "The numbers behind this picture." : format.value === "png" ? `${chosen.columns} by ${rows} pixels, ${chosen.mm.toFixed(0)} by ${high} mm at ${chosen.dpi} dpi.` : `${chosen.mm.toFixed(0)} by ${high} mm.`);
    } catch (error) {
      if (mine === asked) say(/** @type {Error} */ (error).message, true);
    }
  }

  byId("export-save", HTMLButtonElement).addEventListener("click", async () => {
    try {
      const { name, blob } = await make();
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      say(`Saved as ${name}.`);
    } catch (error) {
      say(/** @type {Error} */ (error).message, true);
    }
  });
  byId("export-print", HTMLButtonElement).addEventListener("click", async () => {
    try {
      // As wide as was asked for, but no wider than the page.
      const wanted = PICTURES.includes(format.value) ? size() : SMALL;
      const chosen = wanted.mm <= PAGE_MM ? wanted : { ...wanted, mm: PAGE_MM, css: Math.round((PAGE_MM / 25.4) * 96) };
      const { shown, about } = await gather();
      const drawn = picture(about.view, chosen.css, shown);
      await printAlone(toSvg(drawn, chosen, about, shown.view.colours.paper), drawn.words, /** @type {"a4" | "letter"} */ (paper.value), chosen.mm);
    } catch (error) {
      say(/** @type {Error} */ (error).message, true);
    }
  });
  width.addEventListener("input", () => { widthIsTheirs = true; });
  what.addEventListener("change", () => {
    if (!widthIsTheirs && unit.value === "mm") width.value = String(VIEWS.find(({ id }) => id === what.value)?.mm ?? 88);
  });
  // The same length in the other unit.
  unit.addEventListener("change", () => {
    const times = Number(dpi.value) / 25.4;
    width.value = String(Math.round(unit.value === "px" ? Number(width.value) * times : Number(width.value) / times));
  });
  for (const control of [what, format, unit]) control.addEventListener("change", () => void look());
  for (const input of [width, dpi]) input.addEventListener("input", () => void look());
  byId("export-look", HTMLButtonElement).addEventListener("click", () => void look());
  section.addEventListener("toggle", () => void look());
}
