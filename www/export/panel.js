// @ts-check
// The reader chooses what is exported, as what, and how large.
import { entries } from "../campaign.js";
import { byId, setText } from "../dom.js";
import { toPng, toSvg } from "./compose.js";
import { MANY_VIEWS, manySource } from "./many.js";
import { capacityPicture, picture, VIEWS } from "./pictures.js";
import { printAlone } from "./print.js";
import { capacityProvenance, fileName, linesOf, provenanceOf } from "./provenance.js";
import { reasonsOf } from "./reasons.js";
import { printColours } from "./sheet.js";
import { rowsOf, sizeAsked } from "./size.js";
import { capacityColumns, table, toCsv, toJson } from "./tables.js";
import { TWO_VIEWS, twoSource } from "./two.js";

/** Widest that fits between the margins of A4 and Letter, mm. */
const PAGE_MM = 180;
const PICTURES = ["svg", "png"];
/** What can be exported, by what it is of. */
const GROUPS = [{ of: "This campaign", views: VIEWS }, { of: "Two campaigns", views: TWO_VIEWS }, { of: "Many campaigns", views: MANY_VIEWS }];
/** Its usual width. @param {string} id of a view */
const usualMm = (id) => GROUPS.flatMap(({ views }) => views).find((view) => view.id === id)?.mm ?? 88;
/** Of the preview when numbers are saved. @param {string} id of a view @returns {import("./size.js").Size} */
const usual = (id) => {
  const css = Math.round((usualMm(id) / 25.4) * 96);
  return { css, columns: css, mm: usualMm(id), dpi: 96 };
};

/**
 * What can be said of one view: where it comes from, its picture at a width, and its numbers.
 * @typedef {{ about: import("./provenance.js").Provenance, picture: (width: number) => import("./panels.js").Picture, columns: () => import("./tables.js").Column[] }} Source
 */

/**
 * @param {{ campaign: import("../types.js").Campaign | null, view: import("../types.js").View, preset: string, summary: any }} app
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {{ grid: any, simplex: any }} views
 * @param {ReturnType<typeof import("../shade.js").createShade>} shade
 * @param {any} description what the engine says of itself
 * @param {{ link: () => string, two: () => import("./two.js").Two | null, many: () => import("./many.js").Many | null }} sections what they show now, and the link to it
 */
export function connectExport(app, engine, views, shade, description, sections) {
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
  what.append(...GROUPS.map(({ of, views }) => {
    const group = Object.assign(document.createElement("optgroup"), { label: of });
    group.append(...views.map(({ id, title }) => new Option(title, id)));
    return group;
  }));

  /** What is chosen, as the page shows it now, in print colours. @returns {Promise<Source & { paper: string }>} */
  async function gather() {
    const id = what.value;
    const view = { ...app.view, colours: printColours(), hover: -1, next: null };
    const { paper } = view.colours;
    const having = (/** @type {any[]} */ group) => group.some((one) => one.id === id);
    if (having(TWO_VIEWS)) {
      const two = sections.two();
      if (!two) throw new Error("There are no two campaigns to export yet: keep one as A, then run another (section Two campaigns).");
      return { ...twoSource(id, two, view, description), paper };
    }
    if (having(MANY_VIEWS)) {
      const many = sections.many();
      if (!many) throw new Error("There is no study to export yet: run the campaigns first (section Many campaigns).");
      return { ...manySource(id, many, view, description), paper };
    }
    return { ...(await gatherOne(id, view)), paper };
  }

  /** Of the campaign in view. @param {string} id @param {import("../types.js").View} view @returns {Promise<Source>} */
  async function gatherOne(id, view) {
    const { campaign } = app;
    if (id === "capacity") return gatherCapacity(view);
    if (!campaign || entries(campaign) === 0) throw new Error("There is nothing to export yet: the campaign has not begun.");
    const about = provenanceOf(campaign, description, {
      preset: app.preset, view: id, iteration: view.cursor, link: sections.link(), digest: campaign.ended ? app.summary?.digest ?? null : null,
    });
    const [shading, summary, reasons] = await Promise.all([
      shade.at(campaign, view.cursor, byId("shade", HTMLSelectElement).value),
      id === "ledger" ? engine.call("summary") : null,
      id === "decision" || id === "what-if" ? reasonsOf(id, engine, campaign, view.cursor, description) : null,
    ]);
    if (reasons) Object.assign(about, { action: reasons.decision.action, decision: reasons.decision.sentence });
    const shown = {
      campaign, view, log: byId("log", HTMLInputElement).checked, shade: shading, summary, reasons,
      grid: views.grid, simplex: views.simplex, lines: linesOf(about),
    };
    return { about, picture: (width) => picture(id, width, shown), columns: () => table(id, shown) };
  }

  /** Figure 1, which needs no campaign. @param {import("../types.js").View} view @returns {Promise<Source>} */
  async function gatherCapacity(view) {
    const config = Object.fromEntries([...byId("capacity", HTMLElement).querySelectorAll("input")].map((input) => [input.id.replace("capacity-", ""), Number(input.value)]));
    const about = capacityProvenance(config, description, app.campaign ? sections.link() : null);
    const capacity = await engine.call("capacity", { config });
    return { about, picture: (width) => capacityPicture(width, capacity, config.radius_nm, view), columns: () => capacityColumns(capacity) };
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
    const { about, picture, columns, paper } = await gather();
    const name = fileName(about, format.value);
    if (!chosen) return format.value === "csv" ? { name, blob: new Blob([toCsv(columns(), about)], { type: "text/csv" }) } : { name, blob: new Blob([toJson(columns(), about)], { type: "application/json" }) };
    const drawn = picture(chosen.css);
    if (format.value === "png") return { name, blob: await toPng(drawn, chosen, about, paper) };
    return { name, blob: new Blob([toSvg(drawn, chosen, about, paper)], { type: "image/svg+xml" }) };
  }

  /** One look at what would be saved or printed; the last good one stays. */
  async function look() {
    if (!section.open) return;
    const mine = (asked += 1);
    const pictured = PICTURES.includes(format.value);
    for (const input of [width, unit, dpi]) input.disabled = !pictured;
    try {
      const chosen = pictured ? size() : usual(what.value);
      const { about, picture, paper } = await gather();
      if (mine !== asked) return;
      const drawn = picture(chosen.css);
      URL.revokeObjectURL(preview.src);
      preview.src = URL.createObjectURL(new Blob([toSvg(drawn, chosen, about, paper)], { type: "image/svg+xml" }));
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
      const wanted = PICTURES.includes(format.value) ? size() : usual(what.value);
      const chosen = wanted.mm <= PAGE_MM ? wanted : { ...wanted, mm: PAGE_MM, css: Math.round((PAGE_MM / 25.4) * 96) };
      const { about, picture, paper: white } = await gather();
      const drawn = picture(chosen.css);
      await printAlone(toSvg(drawn, chosen, about, white), drawn.words, /** @type {"a4" | "letter"} */ (paper.value), chosen.mm);
    } catch (error) {
      say(/** @type {Error} */ (error).message, true);
    }
  });
  width.addEventListener("input", () => { widthIsTheirs = true; });
  what.addEventListener("change", () => {
    if (!widthIsTheirs && unit.value === "mm") width.value = String(usualMm(what.value));
  });
  // The same length in the other unit.
  unit.addEventListener("change", () => {
    const times = Number(dpi.value) / 25.4;
    const value = unit.value === "px" ? Number(width.value) * times : Number(width.value) / times;
    // What is no number stays to be mended.
    if (times > 0 && Number.isFinite(value)) width.value = String(Math.round(value));
  });
  for (const control of [what, format, unit]) control.addEventListener("change", () => void look());
  for (const input of [width, dpi]) input.addEventListener("input", () => void look());
  byId("export-look", HTMLButtonElement).addEventListener("click", () => void look());
  section.addEventListener("toggle", () => void look());
  // It may have been unfolded before anybody listened.
  void look();
  // Beside a chart elsewhere on the page stands the way here.
  for (const button of document.querySelectorAll("button[data-export]")) {
    button.addEventListener("click", () => {
      what.value = /** @type {HTMLElement} */ (button).dataset.export ?? "";
      what.dispatchEvent(new Event("change"));
      section.open = true;
      section.scrollIntoView({ block: "nearest" });
      what.focus();
    });
  }
}
