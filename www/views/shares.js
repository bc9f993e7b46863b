// @ts-check
// Share of the particles that were measured in each region, in order of visit.
import { sizeOf } from "../size.js";
import { svg } from "./svg.js";

const HEIGHT = 170;
const MARGIN = { left: 44, right: 4, top: 10, bottom: 34 };

/** @param {HTMLElement} container */
export function createShares(container) {
  const root = svg("svg", { height: HEIGHT, role: "img", class: "shares" });
  container.append(root);
  let key = "";

  return {
    /** @param {import("../types.js").Campaign} campaign @param {import("../types.js").View} view */
    draw(campaign, view) {
      const { visits, measurements, path } = campaign;
      const width = Math.max(sizeOf(root).width, 160);
      const seen = visits.tile.map((_, i) => i).filter((i) => visits.first_iteration[i] <= view.cursor);
      const counts = new Map();
      const measured = campaign.series.measured[view.cursor] ?? 0;
      for (let i = 0; i < measured; i += 1) counts.set(measurements.tile[i], (counts.get(measurements.tile[i]) ?? 0) + 1);
      let here = path.tile[0];
      for (let i = 0; i < path.tile.length && path.iteration[i] <= view.cursor; i += 1) here = path.tile[i];
      const next = [width, measured, seen.length, here].join();
      if (next === key) return;
      key = next;
      root.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);

      const bottom = HEIGHT - MARGIN.bottom;
      const height = bottom - MARGIN.top;
      const step = Math.min((width - MARGIN.left - MARGIN.right) / Math.max(seen.length, 12), 40);
      const parts = [];
      for (const tick of [0, 25, 50, 75, 100]) {
        const y = bottom - (height * tick) / 100;
        parts.push(svg("path", { class: "gridline", d: `M${MARGIN.left},${y}H${width - MARGIN.right}` }));
        if (tick % 50 === 0) parts.push(svg("text", { x: MARGIN.left - 6, y: y + 4, "text-anchor": "end" }, `${tick} %`));
      }
      const labels = Math.ceil(24 / step);
      seen.forEach((i, k) => {
        const [tile, total] = [visits.tile[i], visits.total[i]];
        const count = counts.get(tile) ?? 0;
        const share = total ? count / total : 0;
        const bar = svg("rect", {
          x: MARGIN.left + k * step + 1, y: bottom - height * share, width: Math.max(step - 2, 1), height: height * share,
          class: tile === here ? "bar here" : "bar",
        });
        bar.append(svg("title", {}, `Region ${k + 1} (tile ${tile}): ${count} of ${total} particles measured`));
        parts.push(bar);
        if (k % labels === 0) parts.push(svg("text", { x: MARGIN.left + (k + 0.5) * step, y: bottom + 14, "text-anchor": "middle" }, String(k + 1)));
      });
      parts.push(svg("text", { x: (MARGIN.left + width) / 2, y: HEIGHT - 2, "text-anchor": "middle", class: "name" }, "region, in order of visit"));
      root.replaceChildren(...parts);
      root.setAttribute("aria-label", `Measured share of ${seen.length} regions in order of visit: ${seen.map((i) => `${visits.total[i] ? Math.round((100 * (counts.get(visits.tile[i]) ?? 0)) / visits.total[i]) : 0} %`).join(", ")}`);
    },
  };
}
