// @ts-check
// A file dropped anywhere on the page; without this the browser would leave the page to show it.

/** @param {(files: File[]) => void} take one file at least */
export function onDroppedFile(take) {
  const mark = (/** @type {boolean} */ on) => document.documentElement.classList.toggle("dropping", on);
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(false); });
  document.addEventListener("drop", (event) => {
    mark(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    take(files);
  });
}
