// @ts-check

/**
 * What hands can do to a canvas. All positions are CSS pixels from the canvas' upper left corner.
 * @typedef {object} Gestures
 * @property {(dx: number, dy: number) => void} drag
 * @property {(factor: number, x: number, y: number) => void} [zoom] by wheel, pinch or double click
 * @property {(x: number, y: number) => void} point pointer over the canvas, no button down; or a tap
 * @property {() => void} leave
 * @property {(key: string, shift: boolean) => boolean} key true when the key meant something
 */

/** A press that moves less than this is a tap. */
const tapReach = 4;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Gestures} on
 */
export function listen(canvas, on) {
  /** @type {Map<number, { x: number, y: number }>} */
  const down = new Map();
  let travelled = 0;
  let dragging = false;

  /** A finger that goes up or down where that scrolls the page; the browser takes it away only after the first moves. @param {PointerEvent} event @param {number} dx @param {number} dy */
  const scrolls = (event, dx, dy) => event.pointerType === "touch" && canvas.style.touchAction.startsWith("pan-y") && Math.abs(dy) > Math.abs(dx);

  /** @param {MouseEvent} event */
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    down.set(event.pointerId, place(event));
    travelled = 0;
    // A pointer that is already gone cannot be captured; the drag then ends at the canvas' edge.
    try {
      canvas.setPointerCapture(event.pointerId);
    } catch {}
  });

  canvas.addEventListener("pointermove", (event) => {
    const now = place(event);
    const before = down.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") on.point(now.x, now.y);
      return;
    }
    const dx = now.x - before.x;
    const dy = now.y - before.y;
    travelled += Math.hypot(dx, dy);
    if (down.size > 1) {
      // Without a zoom of its own, two fingers enlarge the page.
      if (down.size > 2 || !on.zoom) return;
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const spreadBefore = Math.hypot(before.x - other.x, before.y - other.y);
        const spreadNow = Math.hypot(now.x - other.x, now.y - other.y);
        if (spreadBefore > 1) on.zoom(spreadNow / spreadBefore, (now.x + other.x) / 2, (now.y + other.y) / 2);
        // Two fingers moving together drag; each contributes half.
        on.drag(dx / 2, dy / 2);
      }
    } else if (travelled >= tapReach) {
      if (!dragging) {
        if (scrolls(event, dx, dy)) return;
        dragging = true;
        canvas.classList.add("dragging");
        on.leave();
      }
      on.drag(dx, dy);
    } else {
      return;
    }
    down.set(event.pointerId, now);
  });

  /** @param {PointerEvent} event */
  const release = (event) => {
    if (!down.delete(event.pointerId)) return;
    if (down.size > 0) return;
    dragging = false;
    canvas.classList.remove("dragging");
    if (event.type === "pointerup" && travelled < tapReach) {
      const { x, y } = place(event);
      on.point(x, y);
    }
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);

  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch" && down.size === 0) on.leave();
  });

  const { zoom } = on;
  if (zoom) {
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaMode === 2 ? event.deltaY * 300 : event.deltaY;
        // Trackpads report a pinch as a wheel with Ctrl, in much smaller steps.
        const factor = Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.002));
        const { x, y } = place(event);
        zoom(Math.min(Math.max(factor, 0.5), 2), x, y);
      },
      { passive: false },
    );
    canvas.addEventListener("dblclick", (event) => {
      const { x, y } = place(event);
      zoom(event.shiftKey ? 0.5 : 2, x, y);
    });
  }

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (on.key(event.key, event.shiftKey)) event.preventDefault();
  });
}
