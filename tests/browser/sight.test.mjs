// What is seen by whom: colours that the system forces, the focus on every ground, and marks that must differ by more than their hue.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { COLOURS } from "../../www/study/bands.js";
import { drawRing } from "../../www/views/ring.js";
import { launch, open, status } from "./chromium.mjs";
import { contrast, EYES, parse, picturesIn, seen } from "./colours.mjs";
import { SCENES } from "./scenes.mjs";

let browser, pictures;
before(async () => { browser = await launch(); pictures = await picturesIn(browser); });
after(() => browser.close());

const SHORT = { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "60" };
const WIDE = { viewport: { width: 1440, height: 900 } };
/** The grounds that a reader may have, as the browser is told of them. */
const GROUNDS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "forced, white": { colorScheme: "light", forcedColors: "active" },
  "forced, black": { colorScheme: "dark", forcedColors: "active" },
};

/** A colour of the page as it is seen, whatever it is called. */
const colour = (page, name, within = "html") => page.evaluate(([name, within]) => {
  const probe = document.querySelector(within).appendChild(document.createElement("i"));
  probe.style.cssText = `forced-color-adjust: none; color: ${name}`;
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = getComputedStyle(probe).color;
  context.fillRect(0, 0, 1, 1);
  probe.remove();
  return `rgb(${context.getImageData(0, 0, 1, 1).data.slice(0, 3).join(", ")})`;
}, [name, within]);

/** The ground of a canvas: its first pixel. */
const ground = (canvas) => canvas.evaluate((element) => `rgb(${element.getContext("2d").getImageData(1, 1, 1, 1).data.slice(0, 3).join(", ")})`);

for (const [scheme, theme] of [["dark", "light"], ["light", "dark"], ["dark", "auto"]]) {
  test(`where the system forces ${scheme} colours, canvases and charts have them, though the theme is ${theme}`, async () => {
    const { page, faults, close } = await open(browser, SHORT, { ...WIDE, colorScheme: scheme, forcedColors: "active" });
    try {
      await status(page, "ended");
      await page.locator("#theme").selectOption(theme);
      await page.waitForTimeout(300);
      const canvas = await colour(page, "Canvas");
      for (const id of ["#grid", "#simplex"]) assert.equal(await ground(page.locator(id)), canvas, id);
      const strokes = await page.evaluate(() => Object.fromEntries([["#curves .line", "stroke"], ["#curves .axis", "stroke"], ["#curves text", "fill"], ["#shares .bar.here", "stroke"]].map(([selector, property]) => [selector, getComputedStyle(document.querySelector(selector)).getPropertyValue(property)])));
      for (const [what, paint] of Object.entries(strokes)) assert.ok(contrast(parse(paint), parse(canvas)) >= 4.5, `${what}: ${paint} on ${canvas}`);
      // Keys that mean something by their colour keep it.
      const keys = await page.evaluate(() => [...document.querySelectorAll("#ledger .key")].map((key) => getComputedStyle(key).backgroundColor));
      assert.equal(new Set(keys).size, 5, keys.join());
      assert.deepEqual(faults, []);
    } finally {
      await close();
    }
  });
}

test("the embed has the forced colours too", async () => {
  const { page, close } = await SCENES["element, interactive"](browser, { ...WIDE, colorScheme: "dark", forcedColors: "active" });
  try {
    await page.evaluate(() => document.querySelector("grid-scout").setAttribute("theme", "light"));
    await page.waitForTimeout(300);
    for (const canvas of await page.locator("grid-scout canvas").all()) assert.equal(await ground(canvas), "rgb(0, 0, 0)");
    assert.equal(await page.locator("grid-scout .line").first().evaluate((line) => getComputedStyle(line).stroke), await colour(page, "LinkText"));
  } finally {
    await close();
  }
});

test("what is printed is light, also where the system forces dark colours", async () => {
  const { page, close } = await open(browser, SHORT, { ...WIDE, colorScheme: "dark", forcedColors: "active" });
  try {
    await status(page, "ended");
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await ground(page.locator("#grid")), "rgb(251, 250, 247)");
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    await page.waitForTimeout(200);
    assert.equal(await ground(page.locator("#grid")), "rgb(0, 0, 0)");
  } finally {
    await close();
  }
});

for (const [name, how] of Object.entries(GROUNDS)) {
  test(`${name}: the words of every button can be read`, async () => {
    const { page, close } = await open(browser, SHORT, { ...WIDE, ...how });
    try {
      await status(page, "ended");
      let count = 0;
      for (const button of await page.locator("button:visible:enabled").all()) {
        const box = await button.evaluate((element) => {
          element.scrollIntoView({ block: "center", behavior: "instant" });
          const range = document.createRange();
          range.selectNodeContents(element);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x, y, width, height };
        });
        const range = await pictures.range(await page.screenshot({ clip: box }));
        assert.ok(range >= 4, `${await button.textContent()}: ${range.toFixed(1)}`);
        count += 1;
      }
      assert.ok(count > 20, `${count} buttons`);
    } finally {
      await close();
    }
  });
}

for (const [name, how, key] of [["light", GROUNDS.light, "Tab"], ["dark", GROUNDS.dark, "Shift+Tab"], ["forced, black", GROUNDS["forced, black"], "Tab"], ["forced, white", GROUNDS["forced, white"], "Shift+Tab"]]) {
  test(`${name}: ${key} shows where the focus is, with a contrast of 3 to 1`, async () => {
    const { page, close } = await open(browser, SHORT, { viewport: { width: 1280, height: 720 }, ...how });
    try {
      await status(page, "ended");
      let stops = 0;
      for (; stops < 150; stops += 1) {
        await page.keyboard.press(key);
        const at = await page.evaluate(() => {
          const element = document.activeElement;
          if (!element || element === document.body) return null;
          const { x, y, width, height } = element.getBoundingClientRect();
          return { name: element.id || element.textContent.trim().slice(0, 30) || element.outerHTML.slice(0, 60), x, y, width, height };
        });
        if (!at) break;
        const [left, top] = [Math.max(at.x - 6, 0), Math.max(at.y - 6, 0)];
        const clip = { x: left, y: top, width: Math.min(at.x + at.width + 6, 1280) - left, height: Math.min(at.y + at.height + 6, 720) - top };
        assert.ok(clip.width > 6 && clip.height > 6, `${at.name} is out of sight`);
        const focused = await page.screenshot({ clip });
        await page.evaluate(() => { globalThis.had = document.activeElement; globalThis.had.blur(); });
        const bare = await page.screenshot({ clip });
        await page.evaluate(() => globalThis.had.focus({ preventScroll: true, focusVisible: true }));
        // At least as much as a line of one pixel along the longer sides.
        const changed = await pictures.changed(focused, bare);
        assert.ok(changed >= 2 * Math.max(Math.min(at.width, clip.width - 12), 12), `${at.name}: ${changed} pixels`);
      }
      assert.ok(stops > 40, `${stops} stops`);
    } finally {
      await close();
    }
  });
}

for (const [name, how] of Object.entries(GROUNDS)) {
  test(`${name}: rings and the path stand out from the ground for all eyes`, async () => {
    const { page, close } = await open(browser, SHORT, how);
    try {
      await status(page, "ended");
      const [paper, ...marks] = await Promise.all(["paper", "seed", "path", "ink"].map(async (it) => parse(await colour(page, `var(--${it})`))));
      for (const [kind, eyes] of Object.entries(EYES)) {
        const found = marks.map((mark) => contrast(seen(eyes, mark), seen(eyes, paper)));
        assert.ok(Math.min(...found) >= 3, `${kind}: seed, path and ink ${found.map((ratio) => ratio.toFixed(2)).join(", ")}`);
      }
    } finally {
      await close();
    }
  });
}

test("the ring of the latest is no ring of a seed in another colour", () => {
  const drawn = (ticks) => {
    const calls = [];
    const context = new Proxy({}, { get: (_, name) => (...numbers) => calls.push([name, ...numbers]), set: () => true });
    drawRing(context, { x: 0, y: 0, radius: 5, width: 2, ticks }, "a", "b");
    return calls;
  };
  assert.equal(drawn(0).filter(([name]) => name === "lineTo").length, 0);
  assert.deepEqual(drawn(4).filter(([name]) => name === "lineTo").map(([, x, y]) => Math.hypot(x, y)), [9, 9, 9, 9]);
});

test("the region where the stage stands is marked by more than its hue", async () => {
  const { page, close } = await open(browser, SHORT);
  try {
    await status(page, "ended");
    const outlines = await page.evaluate(() => [...document.querySelectorAll("#shares .bar")].map((bar) => [bar.classList.contains("here"), getComputedStyle(bar).stroke !== "none"]));
    assert.equal(outlines.filter(([here]) => here).length, 1);
    for (const [here, outlined] of outlines) assert.equal(outlined, here);
  } finally {
    await close();
  }
});

test("curves that compete stand out from both grounds, and each has its own dashes in chart and table", async () => {
  for (const paint of COLOURS) for (const paper of ["#fbfaf7", "#14171a", "#ffffff", "#000000"]) assert.ok(contrast(parse(paint), parse(paper)) >= 3, `${paint} on ${paper}: ${contrast(parse(paint), parse(paper)).toFixed(2)}`);
  const { page, close } = await SCENES["many campaigns"](browser, WIDE);
  try {
    const dashes = await page.evaluate(() => ["#study-bands .median", "#study-cells .swatch path"].map((selector) => [...document.querySelectorAll(selector)].map((line) => getComputedStyle(line).strokeDasharray)));
    assert.equal(dashes[0].length, 8);
    assert.equal(new Set(dashes[0]).size, 8, dashes[0].join(" | "));
    assert.deepEqual(dashes[1], dashes[0]);
  } finally {
    await close();
  }
});

for (const scheme of ["light", "dark"]) {
  test(`${scheme}: the words of a field of the map can be read, however clearly its rule wins`, async () => {
    const { page, close } = await open(browser, SHORT, { ...WIDE, colorScheme: scheme });
    try {
      await status(page, "ended");
      const fields = await page.evaluate(async () => {
        const { drawMap, mapOf } = await import(new URL("study/map.js", location.href).href);
        const rules = ["paper", "marginal_value", "random", "raster", "exhaust", "greedy", "fixed_fraction", "other"];
        const wins = rules.map((rule) => ({ rule, margin: 4, seeds: 9, tied: [], disputed: [], rivals: [], values: [1] }));
        const container = document.querySelector("#study-map");
        drawMap(container, mapOf({ spec: { axes: [{ path: "cost.edx_secs", values: rules.map((_, i) => i) }], rules, config: {} }, wins }, (path) => path, (rule) => rule));
        return [...container.querySelectorAll("tbody td")].map((field) => {
          const { backgroundColor, color } = getComputedStyle(field);
          const context = new OffscreenCanvas(1, 1).getContext("2d");
          return [backgroundColor, color].map((paint) => {
            context.fillStyle = paint;
            context.fillRect(0, 0, 1, 1);
            return `rgb(${context.getImageData(0, 0, 1, 1).data.slice(0, 3).join(", ")})`;
          });
        });
      });
      assert.equal(new Set(fields.map(([ground]) => ground)).size, COLOURS.length);
      for (const [ground, ink] of fields) assert.ok(contrast(parse(ground), parse(ink)) >= 4.5, `${ink} on ${ground}: ${contrast(parse(ground), parse(ink)).toFixed(2)}`);
    } finally {
      await close();
    }
  });
}
