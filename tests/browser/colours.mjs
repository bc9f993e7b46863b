// Colours as numbers: how light they are, how far apart, and how they look to eyes without one kind of cones.

/** Linear light of a byte. */
export const linear = (byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
/** Relative luminance of linear light. */
export const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
/** Contrast ratio of WCAG between two linear colours. */
export const contrast = (a, b) => {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};
/** Of "#rrggbb" or "rgb(r, g, b)". */
export const parse = (text) => (text.startsWith("#") ? [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16)) : text.match(/[\d.]+/g).slice(0, 3).map(Number)).map(linear);
/** Machado, Oliveira and Fernandes 2009, severity 1, on linear light. */
export const EYES = {
  "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
export const seen = (eyes, rgb) => eyes.map((row) => Math.min(Math.max(row.reduce((sum, weight, i) => sum + weight * rgb[i], 0), 0), 1));

/** Pixels of two pictures of one place, compared by a page that has nothing else to do. */
export async function picturesIn(browser) {
  const page = await (await browser.newContext()).newPage();
  const source = (buffer) => `data:image/png;base64,${buffer.toString("base64")}`;
  return {
    /** How many pixels differ by a contrast of 3 to 1. @param {Buffer} a @param {Buffer} b */
    changed: (a, b) => page.evaluate(async (sources) => {
      const light = [];
      for (const one of sources) {
        const image = await createImageBitmap(await (await fetch(one)).blob());
        const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, image.width, image.height);
        const of = (byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
        light.push(Float64Array.from({ length: data.length / 4 }, (_, i) => 0.2126 * of(data[4 * i]) + 0.7152 * of(data[4 * i + 1]) + 0.0722 * of(data[4 * i + 2]) + 0.05));
      }
      return light[0].reduce((count, x, i) => count + (Math.max(x, light[1][i]) / Math.min(x, light[1][i]) >= 3 ? 1 : 0), 0);
    }, [source(a), source(b)]),
    /** The greatest contrast between two pixels of a picture. @param {Buffer} a */
    range: (a) => page.evaluate(async (one) => {
      const image = await createImageBitmap(await (await fetch(one)).blob());
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const of = (byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
      let [low, high] = [1, 0];
      for (let i = 0; i < data.length; i += 4) {
        const y = 0.2126 * of(data[i]) + 0.7152 * of(data[i + 1]) + 0.0722 * of(data[i + 2]);
        [low, high] = [Math.min(low, y), Math.max(high, y)];
      }
      return (high + 0.05) / (low + 0.05);
    }, source(a)),
  };
}
