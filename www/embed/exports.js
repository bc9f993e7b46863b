// @ts-check
// What an embed hands out: its curve as a table, its views as a picture.
import { toPng, toSvg } from "../export/compose.js";
import { alone, curvesInWords, gridPanel, sideBySide } from "../export/panels.js";
import { provenanceOf } from "../export/provenance.js";
import { hex } from "../export/recorder.js";

/** @typedef {import("../types.js").Campaign} Campaign @typedef {import("../export/panels.js").Drawn} Drawn */

/** As wide as a page of a paper, or as one of its columns for the grid alone; 300 dpi. */
const SIZES = { page: { css: 680, columns: 2126, mm: 180, dpi: 300 }, column: { css: 333, columns: 1039, mm: 88, dpi: 300 } };

/** @param {Campaign} campaign @param {{ version: string, preset: string | null, seed: number, params: any }} from */
export function csv(campaign, { version, preset, seed, params }) {
  const { series } = campaign;
  const columns = { time_s: series.time_secs, cost: series.cost, tile: series.region, measured: series.measured, mean_sd: series.mean_sd, mean_abs_error: series.mean_abs_error, rmse: series.rmse };
  const rows = series.mean_sd.map((_, i) => [i, ...Object.values(columns).map((column) => column[i])].join(","));
  const about = `# gridscout ${version}, preset ${preset ?? "none"}, seed ${seed}, params ${JSON.stringify(params)}`;
  return [about, ["iteration", ...Object.keys(columns)].join(","), ...rows, ""].join("\n");
}

/**
 * What the embed shows, in its colours, and where that comes from.
 * @param {Drawn} drawn a form without composition has none @param {CSSStyleSheet[]} styles of the embed
 * @param {any} description what the engine says of itself @param {{ preset: string | null, src: string | null, digest: string | null }} from
 */
function figure(drawn, styles, description, { preset, src, digest }) {
  const { campaign, grid, simplex } = drawn;
  const colours = /** @type {import("../types.js").Colours} */ (Object.fromEntries(Object.entries(drawn.view.colours).map(([name, colour]) => [name, hex(colour)])));
  const view = { ...drawn.view, colours, hover: -1 };
  // A saved configuration is told by how it differs from the first preset. The query of somebody else's page, or of a file that was signed for
  // one reader, may hold what is not to be passed on.
  const about = Object.assign(provenanceOf(campaign, description, {
    preset: preset ?? description.presets[0].id, view: "embed", iteration: view.cursor, digest,
    link: location.protocol.startsWith("http") ? location.origin + location.pathname : null,
  }), src ? { src: src.split(/[?#]/)[0] } : {});
  const summary = grid.summary(campaign, view);
  if (!simplex) return { picture: alone(SIZES.column.css, gridPanel({ ...drawn, view }, 0, 0, SIZES.column.css), summary), size: SIZES.column, about, paper: colours.paper };
  const { css: width } = SIZES.page;
  const desk = deskOf(styles, colours);
  try {
    const { panels, body, bottom } = sideBySide(width, { ...drawn, view, desk: desk.root });
    const words = `${summary} ${simplex.summary(campaign, view)} ${curvesInWords({ view })}`;
    return { picture: { width, height: bottom, panels, body, words }, size: SIZES.page, about, paper: colours.paper };
  } finally {
    desk.remove();
  }
}

/** Where charts are drawn: dressed as the embed, but not in it, for what is hidden has no sizes. @param {CSSStyleSheet[]} styles @param {import("../types.js").Colours} colours */
function deskOf(styles, colours) {
  const holder = document.createElement("div");
  // Whatever the page says of all its elements.
  holder.style.cssText = "all: initial !important";
  for (const [name, colour] of Object.entries({ ...colours, line: colours.grid })) holder.style.setProperty(`--${name}`, colour);
  const root = holder.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = styles;
  document.body.append(holder);
  return { root, remove: () => holder.remove() };
}

/** @param {Parameters<typeof figure>} of */
export function svg(...of) {
  const { picture, size, about, paper } = figure(...of);
  return toSvg(picture, size, about, paper);
}

/** @param {Parameters<typeof figure>} of @returns {Promise<Blob>} */
export function png(...of) {
  const { picture, size, about, paper } = figure(...of);
  return toPng(picture, size, about, paper);
}
