// What tests read out of exported files.
import { inflateSync } from "node:zlib";
import { readFile } from "node:fs/promises";
import { crc32 } from "../../www/export/png.js";

/** Saves a view as the reader would. Returns its name and bytes. */
export async function save(page, view, format) {
  await page.locator("#export-view").selectOption(view);
  await page.locator("#export-format").selectOption(format);
  const [download] = await Promise.all([page.waitForEvent("download", { timeout: 20_000 }), page.locator("#export-save").click()]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes, text: bytes.toString("utf8") };
}

/** Chunks of a PNG, each with its checksum tried. */
export function chunks(bytes) {
  if (bytes.subarray(0, 8).toString("latin1") !== "\x89PNG\r\n\x1a\n") throw new Error("no PNG");
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString("latin1", at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length)) throw new Error(`the checksum of ${name} is wrong`);
    found.push({ name, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return found;
}

/** Size, resolution, texts and pixels (RGBA rows not filtered back, only their number) of a PNG. */
export function png(bytes) {
  const all = chunks(bytes);
  const of = (name) => all.filter((chunk) => chunk.name === name).map(({ data }) => data);
  const [header] = of("IHDR");
  const texts = of("iTXt").map((data) => {
    const end = data.indexOf(0);
    return [data.toString("latin1", 0, end), data.toString("utf8", end + 5)];
  });
  const raw = inflateSync(Buffer.concat(of("IDAT")));
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4), perMetre: of("pHYs")[0].readUInt32BE(0), texts: Object.fromEntries(texts), rawBytes: raw.length, order: all.map(({ name }) => name) };
}

/** Comments and columns of a CSV table; what is empty is null. */
export function csv(text) {
  const lines = text.trimEnd().split("\n");
  const comments = lines.filter((line) => line.startsWith("# ")).map((line) => line.slice(2));
  const cells = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  const value = (cell) => (cell === "" ? null : Number.isNaN(Number(cell)) ? cell : Number(cell));
  const [header, ...rows] = lines.slice(comments.length).map(cells);
  return { comments, columns: Object.fromEntries(header.map((name, k) => [name, rows.map((row) => value(row[k]))])) };
}

/** In the page: an SVG as the XML reader sees it, in numbers. */
export function svgFacts(text) {
  const xml = new DOMParser().parseFromString(text, "image/svg+xml");
  if (xml.querySelector("parsererror")) return { wrong: xml.querySelector("parsererror").textContent };
  const count = (selector) => xml.querySelectorAll(selector).length;
  const letters = (selector, wanted) => [...xml.querySelectorAll(selector)].map((path) => (path.getAttribute("d").match(wanted) ?? []).length);
  const root = xml.documentElement;
  return {
    wrong: null, width: root.getAttribute("width"), viewBox: root.getAttribute("viewBox"),
    about: JSON.parse(xml.querySelector("metadata").textContent), description: xml.querySelector("desc").textContent, title: xml.querySelector("title").textContent,
    discs: count('circle:not([fill="none"])'), crowd: letters('path[fill-opacity="0.17"], path[fill-opacity="0.42"]', /M/g).reduce((a, b) => a + b, 0), dots: letters('path[fill-opacity="0.4"]', /M/g)[0] ?? 0,
    lines: letters("path.line", /[ML]/g), bars: count("rect.bar"), parts: count("rect.part"), marks: count("circle.mark, circle.dot"), panels: count("g.panel"), charts: count("g.chart"), images: count("image"),
    words: [...xml.querySelectorAll("text")].map((text) => text.textContent), colours: [...new Set(text.match(/#[0-9a-f]{6}\b/g))],
    unfit: [...new Set([...text.replace(/data:image[^"]*/g, "").matchAll(/var\(|url\((?!#)|system-ui|rgba?\(|<script|foreignObject|NaN|undefined/g)].map((match) => match[0]))],
  };
}

/** In the page: how much two pictures differ, as shares of full range: on average, and how many pixels by more than a quarter. */
export async function difference([svgText, pngBase64]) {
  const load = async (source) => { const image = new Image(); image.src = source; await image.decode(); return image; };
  const raster = await load(`data:image/png;base64,${pngBase64}`);
  const vector = await load(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText)}`);
  const { naturalWidth: width, naturalHeight: height } = raster;
  const [, , across, down] = svgText.match(/viewBox="([^"]*)"/)[1].split(" ").map(Number);
  const pixels = (image, height) => {
    const context = new OffscreenCanvas(width, raster.naturalHeight).getContext("2d");
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, width, raster.naturalHeight);
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, raster.naturalHeight).data;
  };
  const [a, b] = [pixels(raster, height), pixels(vector, (width * down) / across)];
  let [sum, far, ink, dark] = [0, 0, 0, [0, 0]];
  for (let i = 0; i < a.length; i += 4) {
    const apart = Math.max(Math.abs(a[i] - b[i]), Math.abs(a[i + 1] - b[i + 1]), Math.abs(a[i + 2] - b[i + 2]));
    sum += apart / 255;
    far += apart > 64 ? 1 : 0;
    dark[0] += 1 - a[i + 1] / 255;
    dark[1] += 1 - b[i + 1] / 255;
    ink += a[i] + a[i + 1] + a[i + 2] < 600 ? 1 : 0;
  }
  const all = a.length / 4;
  return { width, height, mean: sum / all, far: far / all, ink: ink / all, dark: dark.map((sum) => sum / all), corner: [...a.slice(0, 4)] };
}
