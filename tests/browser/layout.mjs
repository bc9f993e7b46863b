// What must hold of the page at every size. Each function runs in the page and returns a list of complaints.

/** Nothing is wider than the window. */
export function overflow() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const name = (element) => `${element.localName}${element.id && `#${element.id}`}${element.className && `.${element.className}`}`;
  const wide = [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > clientWidth + 1);
  return [`the document is ${scrollWidth} px wide in a window of ${clientWidth} px: ${wide.slice(0, 5).map(name).join(", ")}`];
}

/** No text ends at an edge that hides the rest of it. */
export function cutText() {
  const complaints = [];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    // A clip of one pixel is how text is hidden from sight but not from screen readers.
    if (!own || !element.checkVisibility() || element.clientWidth <= 1) continue;
    const style = getComputedStyle(element);
    const hides = (overflow) => overflow === "hidden" || overflow === "clip";
    const wide = hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const tall = hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
    if (wide || tall) complaints.push(`cut: "${element.textContent?.trim().slice(0, 60)}" in ${element.localName}#${element.id}`);
  }
  // A select does not wrap: its choice needs the width it would take by itself.
  for (const select of document.querySelectorAll("select")) {
    if (!select.checkVisibility()) continue;
    const free = select.cloneNode(true);
    free.removeAttribute("id");
    const chosen = select.selectedOptions[0];
    free.replaceChildren(...(chosen ? [chosen.cloneNode(true)] : []));
    free.style.cssText = "position:absolute;visibility:hidden;width:auto;min-width:0;max-width:none";
    select.after(free);
    if (free.offsetWidth > select.offsetWidth + 1) complaints.push(`cut: the choice "${chosen?.textContent?.trim()}" of select#${select.id}`);
    free.remove();
  }
  return complaints;
}

/** No control lies on another: each one's own middle belongs to it, and no two boxes cross. */
export function overlaps() {
  const controls = [...document.querySelectorAll("button, input, select, textarea, summary, a[href]")].filter((control) => {
    const { width, height } = control.getBoundingClientRect();
    return width > 1 && height > 1 && control.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  });
  // What is pinned to the window covers what scrolls below it; only those of one layer are compared.
  const layer = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { position, overflowY } = getComputedStyle(at);
      if (position === "fixed" || position === "sticky" || (overflowY !== "visible" && at !== document.body)) return at;
    }
    return document.body;
  };
  const name = (control) => control.id || control.getAttribute("aria-label") || control.textContent?.trim().slice(0, 40) || control.localName;
  const boxes = controls.map((control) => ({ control, layer: layer(control), box: control.getBoundingClientRect() }));
  const complaints = [];
  for (const [index, a] of boxes.entries()) {
    for (const b of boxes.slice(index + 1)) {
      if (a.layer !== b.layer || a.control.contains(b.control) || b.control.contains(a.control)) continue;
      const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (width > 1 && height > 1) complaints.push(`overlap of ${Math.round(width)}×${Math.round(height)} px: "${name(a.control)}" and "${name(b.control)}"`);
    }
  }
  return complaints;
}

/** Every canvas in view shows more than one flat colour. */
export function blankCanvases() {
  const complaints = [];
  for (const canvas of document.querySelectorAll("canvas")) {
    const { width, height } = canvas.getBoundingClientRect();
    if (!canvas.checkVisibility() || width < 24 || height < 24) continue;
    const colours = new Set();
    if (canvas.width && canvas.height) {
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const surface = copy.getContext("2d");
      surface.drawImage(canvas, 0, 0);
      for (const pixel of new Uint32Array(surface.getImageData(0, 0, copy.width, copy.height).data.buffer)) {
        colours.add(pixel);
        if (colours.size >= 8) break;
      }
    }
    if (colours.size < 8) complaints.push(`blank: canvas#${canvas.id} has ${colours.size} colours`);
  }
  return complaints;
}

/** All complaints about the page as it stands. */
export async function complaints(page) {
  const lists = [];
  for (const check of [overflow, cutText, overlaps, blankCanvases]) lists.push(await page.evaluate(check));
  return lists.flat();
}
