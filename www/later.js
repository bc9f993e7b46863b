// @ts-check
// What a reader reaches for once the campaign is in view. It is loaded after it, so that it does not hold up the first picture.
import { connectCompare } from "./compare/compare.js";
import { connectExport } from "./export/panel.js";
import { connectStudy } from "./study/study.js";
import { connectTour } from "./tour/tour.js";
import { connectWhy } from "./why/why.js";

/**
 * @param {any} app @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {{ views: any, shade: ReturnType<typeof import("./shade.js").createShade>, description: any, redraw: () => void,
 *   asked: import("./share/link.js").State, change: (path: string, value: any) => void, remark: (text: string) => void,
 *   link: (alone?: boolean) => string, linkTo: (of: import("./share/link.js").Of) => string }} page
 *   `asked` for by the address: what is to be seen while there is no campaign yet; `link` is to what is in view
 */
export function connectLater(app, engine, { views, shade, description, redraw, asked, change, remark, link, linkTo }) {
  const current = () => (app.campaign ? { config: app.campaign.config, preset: app.preset } : asked);
  const compare = connectCompare(app, description, { redraw, remark, link, linkTo }, asked.a);
  const study = connectStudy(description, () => ({ ...current(), link: link() }), redraw, asked.study);
  connectExport(app, engine, views, shade, description, { link, two: () => compare.shown(), many: study.shown });
  // Until now nothing there would have answered.
  for (const waiting of document.querySelectorAll("[data-later]")) waiting.removeAttribute("inert");
  return { why: connectWhy(description, engine), tour: connectTour({ set: change, config: () => current().config }), compare, study };
}
