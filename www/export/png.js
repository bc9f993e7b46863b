// @ts-check
// Text and resolution in PNG files: chunks put in after the header, as the PNG specification (third edition, 11.3) has them.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
/** Signature of 8 bytes, then IHDR: length, name, 13 bytes, CRC. */
const AFTER_HEADER = 8 + 4 + 4 + 13 + 4;

/** CRC-32 as PNG uses it. @param {Uint8Array} bytes */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Length, name, data, CRC over name and data. @param {string} name @param {Uint8Array} data */
export function chunk(name, data) {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** International text, not compressed: keyword, two flags, no language, no translated keyword, UTF-8. @param {string} keyword @param {string} text */
const internationalText = (keyword, text) => chunk("iTXt", new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`));

/** @param {number} dpi */
function density(dpi) {
  const data = new Uint8Array(9);
  const view = new DataView(data.buffer);
  const perMetre = Math.round(dpi / 0.0254);
  view.setUint32(0, perMetre);
  view.setUint32(4, perMetre);
  data[8] = 1;
  return chunk("pHYs", data);
}

/** The same picture, saying what it is and how large it is meant to be. @param {Uint8Array} png @param {Record<string, string>} texts by keyword @param {number} dpi */
export function annotated(png, texts, dpi) {
  if (new TextDecoder("latin1").decode(png.subarray(12, 16)) !== "IHDR") throw new Error("the browser made no PNG");
  const more = [density(dpi), ...Object.entries(texts).map(([keyword, text]) => internationalText(keyword, text))];
  const out = new Uint8Array(png.length + more.reduce((sum, part) => sum + part.length, 0));
  out.set(png.subarray(0, AFTER_HEADER));
  let at = AFTER_HEADER;
  for (const part of more) { out.set(part, at); at += part.length; }
  out.set(png.subarray(AFTER_HEADER), at);
  return out;
}
