// Typesets the equations: TeX to MathML, which browsers draw by themselves, so that the page carries no typesetter.
// node packaging/equations/typeset.mjs writes www/equations/typeset.js.
import temml from "temml";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { equations } from "./source.mjs";

/** The text of www/equations/typeset.js. */
export function typeset() {
  const entries = Object.entries(equations).map(([name, { title, tex, aloud, says }]) => {
    // Classes want a style sheet of Temml's that the page does not have; the label is what a screen reader says.
    const one = (/** @type {string} */ line, /** @type {string} */ attributes) =>
      temml.renderToString(line, { displayMode: true, xml: true, throwOnError: true })
        .replace(/^<math [^>]*>/, `<math display="block" ${attributes}>`)
        .replace(/ class="[^"]*"/g, "");
    const [first, ...others] = [tex].flat();
    const lines = [one(first, `aria-label="${aloud}"`), ...others.map((line) => one(line, 'aria-hidden="true"'))];
    const math = `<div xmlns="http://www.w3.org/1999/xhtml">${lines.join("").replaceAll("<math ", '<math xmlns="http://www.w3.org/1998/Math/MathML" ')}</div>`;
    return `  ${JSON.stringify(name)}: ${JSON.stringify({ title, says, math })},\n`;
  });
  return `// @ts-check
// Made by \`cargo dev equations\` from packaging/equations/source.mjs; do not edit.

/** @type {Record<string, { title: string, says: string, math: string }>} */
export const equations = {
${entries.join("")}};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(fileURLToPath(new URL("../../www/equations/typeset.js", import.meta.url)), typeset());
