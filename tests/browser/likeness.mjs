// Reference pictures: kept at half their size, and compared with new ones through the browser's own eyes.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const FOLDER = new URL("./references/", import.meta.url).pathname;
/** Share of the picture that may look otherwise: fonts and antialiasing differ from machine to machine. */
const MOST_CHANGED = 0.01;

/** @param {any} browser */
export async function likeness(browser) {
  const page = await (await browser.newContext()).newPage();
  const base64 = (/** @type {Buffer} */ buffer) => `data:image/jpeg;base64,${buffer.toString("base64")}`;
  return {
    /** Keep a picture as the reference of its name. @param {string} name @param {Buffer} picture */
    async keep(name, picture) {
      await mkdir(FOLDER, { recursive: true });
      const small = await page.evaluate(async (source) => {
        const image = await createImageBitmap(await (await fetch(source)).blob());
        const canvas = new OffscreenCanvas(image.width / 2, image.height / 2);
        const context = canvas.getContext("2d");
        context.imageSmoothingQuality = "high";
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.5 });
        return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(""));
      }, base64(picture));
      await writeFile(path.join(FOLDER, `${name}.webp`), Buffer.from(small, "base64"));
    },
    /** What is wrong with a picture, seen beside its reference. @param {string} name @param {Buffer} picture @returns {Promise<string[]>} */
    async compare(name, picture) {
      const kept = await readFile(path.join(FOLDER, `${name}.webp`)).catch(() => null);
      if (!kept) return ["there is no reference; look at it, then keep it with cargo dev shots --keep"];
      const { changed, sizes } = await page.evaluate(async ([a, b]) => {
        const images = await Promise.all([a, b].map(async (source) => createImageBitmap(await (await fetch(source)).blob())));
        const sizes = [images[0].height, images[1].height * 2];
        // An eighth of the size: strokes and letters become areas, which antialiasing hardly changes.
        const [width, height] = [Math.ceil(images[0].width / 8), Math.ceil(images[0].height / 8)];
        const [one, other] = images.map((image) => {
          const context = new OffscreenCanvas(width, height).getContext("2d");
          context.imageSmoothingQuality = "high";
          context.drawImage(image, 0, 0, width, height);
          return context.getImageData(0, 0, width, height).data;
        });
        let count = 0;
        for (let i = 0; i < one.length; i += 4) if (Math.max(...[0, 1, 2].map((k) => Math.abs(one[i + k] - other[i + k]))) > 28) count += 1;
        return { changed: count / (one.length / 4), sizes };
      }, [base64(picture), `data:image/webp;base64,${kept.toString("base64")}`]);
      if (Math.abs(sizes[0] - sizes[1]) > 0.02 * sizes[1]) return [`${sizes[0]} px high, its reference ${sizes[1]} px`];
      return changed > MOST_CHANGED ? [`${(100 * changed).toFixed(1)} % of it looks otherwise than its reference`] : [];
    },
  };
}
