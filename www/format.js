// @ts-check
// Numbers as people read them.

/** Significant digits, without needless zeros. @param {number} x @param {number} [digits] */
export function significant(x, digits = 3) {
  if (!Number.isFinite(x)) return "–";
  if (x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e7)) {
    const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
    return `${mantissa}·10${superscript(Number(exponent))}`;
  }
  return String(Number(x.toPrecision(digits))).replace("-", "−");
}

/** @param {number} n */
export const superscript = (n) => [...String(n)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");

/** Digits in groups of three. Intl would do it, but loading it stalls the first frame. @param {number} x */
export function grouped(x) {
  const [whole, part] = String(x).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return part === undefined ? text : `${text}.${part}`;
}

/** @param {number} secs */
export function duration(secs) {
  if (!Number.isFinite(secs)) return "–";
  if (secs < 60) return `${secs.toFixed(1)} s`;
  const whole = Math.round(secs);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h} h ${m} min ${s} s` : `${m} min ${s} s`;
}

/** Atomic per cent of each element. @param {string[]} elements @param {ArrayLike<number>} fractions */
export const composition = (elements, fractions) => elements.map((name, i) => `${name} ${(100 * fractions[i]).toFixed(1)}`).join(", ") + " at.%";
