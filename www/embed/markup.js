// @ts-check
// What stands in the shadow root, for each form of the embed.

/** The forms, and what each shows. */
export const FORMS = {
  interactive: { composition: true, curves: true, run: true, step: true, choose: true, facts: true },
  presentation: { composition: true, curves: true, run: true, step: false, choose: false, facts: true },
  report: { composition: true, curves: true, run: false, step: false, choose: false, facts: true },
  minimal: { composition: false, curves: false, run: false, step: false, choose: false, facts: false },
};

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, any>} [properties] `part`, `role` and what has a dash become attributes @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (["part", "role"].includes(name) || name.includes("-")) element.setAttribute(name, value);
    else /** @type {any} */ (element)[name] = value;
  }
  element.append(...children);
  return element;
}

/** @param {string} part @param {string} title */
function figure(part, title) {
  const canvas = make("canvas", { part, tabIndex: 0, role: "img", "aria-label": title });
  const caption = make("figcaption", {}, make("span", {}, title));
  return { canvas, caption, element: make("figure", { className: "view" }, caption, canvas) };
}

/** @param {keyof typeof FORMS} form */
export function build(form) {
  const shows = FORMS[form];
  const grid = figure("grid", "Grid");
  const composition = shows.composition ? figure("composition", "Composition") : null;
  const log = make("input", { type: "checkbox" });
  const curves = shows.curves ? make("div", { part: "curve", className: "curves" }) : null;
  const hover = form === "interactive" ? make("p", { part: "hover", className: "hover" }) : null;
  const told = make("p", { className: "told", "aria-live": "polite" });
  const problems = make("div", { part: "problems", className: "problems", role: "alert", hidden: true });
  const poster = make("div", { part: "poster", className: "poster" }, make("slot"));
  const facts = make("p", { part: "facts", className: "facts", hidden: !shows.facts });
  const digest = make("p", { part: "digest", className: "digest", hidden: !shows.facts });

  const preset = make("select", { part: "preset" });
  const seed = make("input", { part: "seed", type: "number", min: "0", max: "4294967295", step: "1", inputMode: "numeric" });
  const run = make("button", { part: "run", type: "button", className: "primary" }, "Run");
  const step = make("button", { part: "step", type: "button" }, "Step");
  const reset = make("button", { part: "reset", type: "button" }, "Reset");
  const scrub = make("input", { part: "scrub", type: "range", min: "0", max: "0", value: "0", step: "1", "aria-label": "Iteration shown" });
  const place = make("output", { className: "place", "aria-live": "off" }, "0 / 0");
  const controls = make("div", { part: "controls", className: "controls", role: "group", "aria-label": "Run", hidden: !shows.run },
    ...(shows.choose ? [make("label", {}, "Preset ", preset), make("label", {}, "Seed ", seed)] : []),
    make("span", { className: "transport" }, run, ...(shows.step ? [step, reset] : []), make("span", { className: "slider" }, scrub, place)));

  const figures = make("div", { className: "figures" }, grid.element, ...(composition ? [composition.element] : []));
  const content = make("div", { className: "content" }, controls, facts, figures,
    ...(hover ? [hover] : []), told,
    ...(curves ? [make("section", { className: "progress", "aria-label": "Progress" }, ...(form === "interactive" ? [make("label", { className: "log" }, log, " Logarithmic")] : []), curves)] : []),
    digest);
  const frame = make("div", { part: "frame", className: `frame ${form}` }, problems, poster, content);
  return { frame, content, poster, problems, facts, digest, hover, told, log, curves, preset, seed, run, step, reset, scrub, place,
    canvases: { grid: grid.canvas, composition: composition?.canvas ?? null }, captions: { grid: grid.caption, composition: composition?.caption ?? null } };
}
