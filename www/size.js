// @ts-check
// Sizes of what is drawn into. Asking an element for its size after the page was changed makes the browser lay it all
// out at once, several times a frame; an observer tells the size after the layout that happens anyway.

/** @type {WeakMap<Element, { width: number, height: number }>} */
const known = new WeakMap();
/** @type {Set<() => void>} */
const listeners = new Set();

/** Made when it is first asked for: an embed is imported where there is no page, too. @type {ResizeObserver | null} */
let observer = null;
const watch = () => (observer ??= new ResizeObserver((entries) => {
  let changed = false;
  for (const { target, contentRect: { width, height } } of entries) {
    const before = known.get(target);
    // An observer tells the size that it begins with, too: nothing has to be drawn anew for that.
    changed ||= width !== before?.width || height !== before.height;
    known.set(target, { width, height });
  }
  if (changed) for (const listener of listeners) listener();
}));

/** @param {() => void} listener called when something that was drawn into has another size @returns {() => void} ends that */
export function onResize(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Width and height of an element without its border, CSS pixels; 0 while it is hidden. @param {Element} element */
export function sizeOf(element) {
  let size = known.get(element);
  if (!size) {
    size = { width: element.clientWidth, height: element.clientHeight };
    known.set(element, size);
    watch().observe(element);
  }
  return size;
}
