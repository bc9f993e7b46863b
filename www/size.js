// @ts-check
// Sizes of what is drawn into. Asking an element for its size after the page was changed makes the browser lay it all
// out at once, several times a frame; an observer tells the size after the layout that happens anyway.

/** @type {WeakMap<Element, { width: number, height: number }>} */
const known = new WeakMap();
/** @type {() => void} */
let changed = () => {};

const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) known.set(target, { width: contentRect.width, height: contentRect.height });
  changed();
});

/** @param {() => void} listener called when something that was drawn into has another size */
export function onResize(listener) {
  changed = listener;
}

/** Width and height of an element without its border, CSS pixels; 0 while it is hidden. @param {Element} element */
export function sizeOf(element) {
  let size = known.get(element);
  if (!size) {
    size = { width: element.clientWidth, height: element.clientHeight };
    known.set(element, size);
    observer.observe(element);
  }
  return size;
}
