// @ts-check
// What came of it: the decision in view, the digest, the record, and the capacity of a grid.
import { commandFor } from "./command.js";
import { byId, setText } from "./dom.js";
import { pace } from "./pace.js";
import { renderDecision } from "./views/decision.js";
import { createFigure1 } from "./views/figure1.js";

/**
 * @param {{ campaign: import("./types.js").Campaign | null, preset: string }} app
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {() => void} redraw
 * @param {(decision: any, config: any) => void} onDecision when another decision is shown
 */
export function connectResult(app, engine, redraw, onDecision) {
  const panel = byId("decision", HTMLElement);
  /** @type {{ campaign: any, entry: number }} */
  let shown = { campaign: null, entry: -1 };
  let asking = false;
  const now = pace(120, redraw);
  const say = (/** @type {string} */ text) => setText("result-message", text);
  const capacity = byId("capacity-section", HTMLDetailsElement);
  const figure = createFigure1(byId("capacity", HTMLElement), { onChange: () => void askCapacity() });
  /** Nobody waits for a figure that is folded away. */
  async function askCapacity() {
    if (!capacity.open) return;
    try { figure.draw(await engine.call("capacity", { config: figure.read() })); } catch (error) { figure.showErrors(/** @type {any} */ (error).errors ?? [], /** @type {Error} */ (error).message); }
  }

  byId("copy-digest", HTMLButtonElement).addEventListener("click", async () => {
    const digest = byId("digest", HTMLOutputElement).textContent ?? "";
    if (!digest) return say("The digest is there when the campaign has ended.");
    await navigator.clipboard.writeText(digest).then(() => say("Copied."), () => say("The browser did not allow copying; select the digest instead."));
  });
  byId("download", HTMLButtonElement).addEventListener("click", async () => {
    const text = await engine.call("record");
    if (!text || !app.campaign) return say("There is no record yet.");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = `gridscout-seed-${app.campaign.config.seed}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    say(`Saved as ${link.download}; gridscout replay verifies it.`);
  });

  return {
    clear() { setText("digest", ""); setText("command", ""); say(""); },
    /** @param {any} summary @param {any} description what the engine says of its presets and settings */
    show(summary, description) {
      setText("digest", summary.digest);
      // What an instrument measured no simulation brings again.
      const command = app.campaign?.by ? null : commandFor(app.campaign?.config, description.presets, app.preset, description.parameters);
      setText("command", command ?? "gridscout replay on the downloaded record");
    },
    /** Explain an entry; one question at a time. @param {import("./types.js").Campaign} campaign @param {number} entry */
    async decision(campaign, entry) {
      if (asking || (shown.campaign === campaign && shown.entry === entry) || !now()) return;
      asking = true;
      try {
        const decision = entry === 0 ? null : await engine.call("decision", { entry });
        renderDecision(panel, decision, campaign);
        onDecision(decision, campaign.config);
        shown = { campaign, entry };
      } catch (error) {
        // Of a campaign that was replaced meanwhile nobody asks any more.
        if (app.campaign === campaign) say(`The decision cannot be shown: ${/** @type {Error} */ (error).message}`);
      } finally {
        asking = false;
      }
    },
    /** Somebody listens who has not heard of the decision in view. */
    forget() { shown = { campaign: null, entry: -1 }; },
    /** Figure 1, drawn when it is opened. */
    capacity() {
      capacity.addEventListener("toggle", () => void askCapacity());
      void askCapacity();
    },
  };
}
