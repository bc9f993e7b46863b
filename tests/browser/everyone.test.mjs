// Fingers, large letters, narrow windows, little motion, eyes that see colours otherwise: WCAG 2.2 AA beyond what axe looks at.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lookup } from "../../www/views/palette.js";
import { COLOURS, DASHES } from "../../www/study/bands.js";
import { launch, open, status, text } from "./chromium.mjs";
import { complaints } from "./layout.mjs";
import { SCENES } from "./scenes.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const LOOKED_AT = ["explorer", "everything unfolded", "two campaigns", "at a gateway", "element, interactive", "single file"];
/** 1.4.12: what a reader may set, and lose nothing. */
const SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }";

/** 2.5.8: a target is 24 pixels wide and high, or a circle of that size around its middle touches no other. Runs in the page. */
function smallTargets() {
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getBoundingClientRect().width > 1;
  const targets = [...document.querySelectorAll("button, input, select, summary, a[href], [tabindex='0']")].filter(seen).map((element) => {
    const label = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") : null;
    const { x, y, width, height } = (label ?? element).getBoundingClientRect();
    return { element, x, y, width, height };
  });
  const name = ({ element }) => element.id || element.getAttribute("aria-label") || element.textContent.trim().slice(0, 30);
  const complaints = [];
  for (const a of targets.filter(({ width, height }) => width < 24 || height < 24)) {
    const [x, y] = [a.x + a.width / 2, a.y + a.height / 2];
    const near = targets.find((b) => !a.element.contains(b.element) && !b.element.contains(a.element) && Math.hypot(Math.max(b.x - x, 0, x - b.x - b.width), Math.max(b.y - y, 0, y - b.y - b.height)) < 12);
    if (near) complaints.push(`${name(a)} is ${Math.round(a.width)} by ${Math.round(a.height)} pixels, and ${name(near)} is beside it`);
  }
  return complaints;
}

for (const [what, width, height] of [["320 pixels wide", 320, 640], ["at 200 %", 720, 450]]) {
  for (const scene of LOOKED_AT) {
    test(`${what}: ${scene}`, async () => {
      const { page, close } = await SCENES[scene](browser, { viewport: { width, height }, bypassCSP: true });
      try {
        assert.deepEqual(await complaints(page), []);
        assert.deepEqual(await page.evaluate(smallTargets), []);
        await page.addStyleTag({ content: SPACED });
        assert.deepEqual(await complaints(page), [], "with spaced letters");
      } finally {
        await close();
      }
    });
  }
}

test("small targets side by side are found", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", speed: "top" });
  try {
    await status(page, "ended");
    await page.evaluate(() => { document.querySelector("#zoom-in").style.cssText = "min-width:0;min-height:0;width:12px;height:12px;padding:0;margin-right:-10px"; });
    assert.match((await page.evaluate(smallTargets)).join(), /zoom-in is 12 by 12/);
  } finally {
    await close();
  }
});

test("what has the focus is seen and nothing lies over it, through the whole page", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top" }, { viewport: { width: 390, height: 844 } });
  try {
    await status(page, "ended");
    let steps = 0;
    for (; steps < 150; steps += 1) {
      await page.keyboard.press("Tab");
      const told = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return "end";
        const { x, y, width, height } = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        const outlined = (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none";
        const points = [0.5, 0.25, 0.75].flatMap((a) => [0.5, 0.25, 0.75].map((b) => document.elementFromPoint(x + a * width, y + b * height)));
        const uncovered = points.some((at) => at && (at === element || element.contains(at) || at.contains(element) || at.closest("label")?.contains(element)));
        return outlined && uncovered ? "" : `${element.id || element.outerHTML.slice(0, 80)}: ${outlined ? "" : "no outline "}${uncovered ? "" : "covered"}`;
      });
      if (told === "end") break;
      assert.equal(told, "");
    }
    assert.ok(steps > 40, `${steps} stops`);
  } finally {
    await close();
  }
});

test("with little motion the campaign is shown at its end, and nothing moves by itself", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1" }, { reducedMotion: "reduce" });
  try {
    await status(page, "ended", 5000);
    assert.equal(await text(page, "#iteration"), "150 of 150");
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
    await page.locator("#tour-start").click();
    await page.locator("#tour-next").click();
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  } finally {
    await close();
  }
});

test("a link that says how fast is followed also then", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "1" }, { reducedMotion: "reduce" });
  try {
    await page.waitForTimeout(2500);
    assert.equal(await text(page, "#status"), "running");
  } finally {
    await close();
  }
});

/** Fingers on the screen, as the browser gets them. */
async function touch(page, type, points) {
  page.devtools ??= await page.context().newCDPSession(page);
  await page.devtools.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

test("a finger on the grid: a tap picks, two fingers zoom, and one scrolls the page while there is nothing to pan", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top" }, phone);
  try {
    await status(page, "ended");
    const grid = page.locator("#grid");
    await grid.scrollIntoViewIfNeeded();
    const box = await grid.boundingBox();
    const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
    // A tap near a measured particle says what it is.
    await page.touchscreen.tap(...at(0.3, 0.7));
    await page.waitForFunction(() => /at\.%/.test(document.querySelector("#hover").textContent));
    const shown = () => grid.evaluate((canvas) => canvas.toDataURL().length);
    assert.equal(await grid.evaluate((canvas) => canvas.style.touchAction), "pan-y");
    const scrolled = await page.evaluate(() => scrollY);
    await touch(page, "touchStart", [at(0.5, 0.6)]);
    for (let i = 1; i <= 10; i += 1) await touch(page, "touchMove", [at(0.5, 0.6 - 0.05 * i)]);
    await touch(page, "touchEnd", []);
    await page.waitForTimeout(500);
    assert.ok((await page.evaluate(() => scrollY)) > scrolled + 40, "the page did not scroll");
    await page.evaluate((y) => scrollTo(0, y), scrolled);
    await page.waitForTimeout(300);
    const before = await shown();
    await touch(page, "touchStart", [at(0.45, 0.5), at(0.55, 0.5)]);
    for (let i = 1; i <= 10; i += 1) await touch(page, "touchMove", [at(0.45 - 0.02 * i, 0.5), at(0.55 + 0.02 * i, 0.5)]);
    await touch(page, "touchEnd", []);
    await page.waitForFunction(() => document.querySelector("#grid").style.touchAction === "none");
    assert.notEqual(await shown(), before);
    // Zoomed in, one finger pans and the page stays.
    const still = await page.evaluate(() => scrollY);
    const zoomed = await shown();
    await touch(page, "touchStart", [at(0.5, 0.6)]);
    for (let i = 1; i <= 10; i += 1) await touch(page, "touchMove", [at(0.5 - 0.02 * i, 0.6 - 0.03 * i)]);
    await touch(page, "touchEnd", []);
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => scrollY), still);
    assert.notEqual(await shown(), zoomed);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("a finger turns the tetrahedron sideways", async () => {
  const { page, close } = await open(browser, { preset: "figure-4a", seed: "1", speed: "top", "stop.iterations": "40" }, phone);
  try {
    await status(page, "ended");
    const simplex = page.locator("#simplex");
    await simplex.scrollIntoViewIfNeeded();
    const box = await simplex.boundingBox();
    const shown = () => simplex.evaluate((canvas) => canvas.toDataURL());
    const before = await shown();
    await touch(page, "touchStart", [[box.x + 100, box.y + 150]]);
    for (let i = 1; i <= 10; i += 1) await touch(page, "touchMove", [[box.x + 100 + 12 * i, box.y + 150]]);
    await touch(page, "touchEnd", []);
    await page.waitForTimeout(300);
    assert.notEqual(await shown(), before);
  } finally {
    await close();
  }
});

/** Linear light of a byte. */
const linear = (byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
/** Lightness L*, 0 to 100, of linear light. */
const lightness = ([r, g, b]) => {
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
};
/** What eyes without one kind of cones see of linear light: Machado, Oliveira and Fernandes 2009, severity 1. */
const EYES = {
  "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const seen = (eyes, rgb) => eyes.map((row) => Math.min(Math.max(row.reduce((sum, weight, i) => sum + weight * rgb[i], 0), 0), 1));

test("colours of values keep their order in grey and for every kind of eyes", () => {
  for (const name of ["viridis", "cividis"]) {
    const table = lookup(name);
    for (const [kind, eyes] of Object.entries(EYES)) {
      const steps = Array.from({ length: 16 }, (_, i) => lightness(seen(eyes, [0, 1, 2].map((k) => linear(table[3 * 17 * i + k])))));
      const least = Math.min(...steps.slice(1).map((step, i) => step - steps[i]));
      assert.ok(least > 1, `${name}, ${kind}: two of 16 steps are ${least.toFixed(2)} L* apart`);
      assert.ok(steps[15] - steps[0] > 60, `${name}, ${kind}: ${steps[0].toFixed(0)} to ${steps[15].toFixed(0)}`);
    }
  }
});

test("curves that compete differ by their dashes, too", () => {
  assert.equal(new Set(DASHES).size, DASHES.length);
  assert.equal(DASHES.length, COLOURS.length);
});
