// @ts-check
// A figure alone on one printed page.
import { byId } from "../dom.js";

/** @param {string} svg a file @param {string} words what it shows @param {"a4" | "letter"} paper @param {number} mm its width */
export async function printAlone(svg, words, paper, mm) {
  const page = document.getElementById("export-page") ?? document.body.appendChild(Object.assign(document.createElement("div"), { id: "export-page" }));
  page.dataset.paper = paper;
  const image = Object.assign(new Image(), { alt: words });
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  image.style.width = `${mm}mm`;
  page.replaceChildren(image);
  await image.decode();
  document.body.classList.add("export-printing");
  addEventListener("afterprint", () => {
    document.body.classList.remove("export-printing");
    URL.revokeObjectURL(image.src);
    page.remove();
    byId("export-print", HTMLButtonElement).focus();
  }, { once: true });
  window.print();
}
