// @ts-check
// What an embed hands out: its curve as a table, its views as a picture.

/** @typedef {import("../types.js").Campaign} Campaign */

/** @param {Campaign} campaign @param {{ version: string, preset: string | null, seed: number, params: any }} from */
export function csv(campaign, { version, preset, seed, params }) {
  const { series } = campaign;
  const columns = { time_s: series.time_secs, cost: series.cost, tile: series.region, measured: series.measured, mean_sd: series.mean_sd, mean_abs_error: series.mean_abs_error, rmse: series.rmse };
  const rows = series.mean_sd.map((_, i) => [i, ...Object.values(columns).map((column) => column[i])].join(","));
  const about = `# gridscout ${version}, preset ${preset ?? "none"}, seed ${seed}, params ${JSON.stringify(params)}`;
  return [about, ["iteration", ...Object.keys(columns)].join(","), ...rows, ""].join("\n");
}

/** Canvases side by side as one PNG, as sharp as they are on the screen. @param {HTMLCanvasElement[]} canvases @param {string} paper @returns {Promise<Blob>} */
export function png(canvases, paper) {
  const gap = 16;
  const whole = document.createElement("canvas");
  whole.width = canvases.reduce((sum, { width }) => sum + width, gap * (canvases.length - 1));
  whole.height = Math.max(...canvases.map(({ height }) => height));
  const context = /** @type {CanvasRenderingContext2D} */ (whole.getContext("2d"));
  context.fillStyle = paper;
  context.fillRect(0, 0, whole.width, whole.height);
  let left = 0;
  for (const canvas of canvases) {
    if (canvas.width && canvas.height) context.drawImage(canvas, left, 0);
    left += canvas.width + gap;
  }
  return new Promise((resolve, reject) => whole.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser made no PNG"))), "image/png"));
}
