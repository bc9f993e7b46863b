// @ts-check
// The guided first run: a card beside what it speaks of. It holds nobody: Escape closes it, the page stays usable.
import { byId, setText } from "../dom.js";
import { STEPS } from "./steps.js";

const KEY = "gridscout-tour";
const seen = () => { try { return localStorage.getItem(KEY) !== null; } catch { return true; } };
const remember = () => { try { localStorage.setItem(KEY, "seen"); } catch { /* Then it is offered again next time. */ } };

/** @param {{ set: (path: string, value: number) => void, config: () => any }} on `set` sets a setting, as the reader would; `config` is what is in view */
export function connectTour(on) {
  const card = byId("tour", HTMLElement);
  const act = byId("tour-act", HTMLButtonElement);
  const back = byId("tour-back", HTMLButtonElement);
  const next = byId("tour-next", HTMLButtonElement);
  let step = -1;

  const place = () => {
    if (step < 0) return;
    const target = document.querySelector(STEPS[step].at)?.getBoundingClientRect();
    // On a phone it is a sheet at the top, as the style sheet says.
    if (!target || innerWidth < 700) { card.style.removeProperty("left"); card.style.removeProperty("top"); return; }
    const { offsetWidth: width, offsetHeight: height } = card;
    const right = target.right + 12 + width <= innerWidth;
    const left = right ? target.right + 12 : target.left - 12 - width >= 0 ? target.left - 12 - width : Math.min(target.left + 12, innerWidth - width - 12);
    card.style.left = `${left}px`;
    card.style.top = `${Math.max(8, Math.min(Math.max(target.top, 64), innerHeight - height - 12))}px`;
  };
  const mark = (/** @type {boolean} */ on) => { if (step >= 0) document.querySelector(STEPS[step].at)?.classList.toggle("toured", on); };

  /** @param {number} to */
  function show(to) {
    mark(false);
    step = to;
    const { at, title, text, act: action } = STEPS[step];
    card.hidden = false;
    setText("tour-title", title);
    setText("tour-text", text(on.config()));
    setText("tour-count", `${step + 1} of ${STEPS.length}`);
    act.hidden = !action;
    act.textContent = action?.label ?? "";
    back.disabled = step === 0;
    next.textContent = step === STEPS.length - 1 ? "Done" : "Next";
    mark(true);
    document.querySelector(at)?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    place();
    card.focus({ preventScroll: true });
  }
  function close() {
    const inside = card.contains(document.activeElement);
    mark(false);
    step = -1;
    card.hidden = true;
    remember();
    // Who was busy elsewhere stays there.
    if (inside) byId("tour-start", HTMLElement).focus();
  }

  byId("tour-start", HTMLButtonElement).addEventListener("click", () => show(0));
  byId("tour-skip", HTMLButtonElement).addEventListener("click", close);
  back.addEventListener("click", () => show(step - 1));
  next.addEventListener("click", () => { if (step === STEPS.length - 1) close(); else show(step + 1); });
  act.addEventListener("click", () => {
    const action = STEPS[step].act;
    if (action) on.set(action.path, action.value);
  });
  card.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight" && step < STEPS.length - 1) show(step + 1);
    else if (event.key === "ArrowLeft" && step > 0) show(step - 1);
    else return;
    event.preventDefault();
  });
  // From anywhere, unless the key closes something nearer.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || step < 0 || event.defaultPrevented || document.querySelector(":popover-open")) return;
    if (!/** @type {Element} */ (event.target).closest("input, select, textarea")) close();
  });
  addEventListener("resize", place);
  addEventListener("scroll", place, { passive: true });
  return {
    /** At a first visit that asks for nothing in particular, unless the reader has begun with something. @param {string} query that the page was opened with */
    offer(query) { if (!seen() && query === "" && document.activeElement === document.body) show(0); },
  };
}
