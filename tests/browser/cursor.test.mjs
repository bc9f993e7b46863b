// The cursor of the keyboard: which particle a key means, and that the canvases of page and embed follow it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Cursor, nextSpot } from "../../www/views/cursor.js";
import { launch, open, status, text } from "./chromium.mjs";
import { around, heard, host, visit } from "./host.mjs";

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
/** @param {[number, number][]} places */
const field = (places) => (visit) => places.forEach(([x, y], index) => visit(x, y, index));
const spot = (places, index) => ({ x: places[index][0], y: places[index][1], index });
const towards = (places, from) => ARROWS.map((key) => nextSpot(field(places), spot(places, from), key)?.index ?? -1);

test("an arrow means the nearest within 45° of it, and nothing where none lies there", () => {
  const places = [[0, 0], [-5, 1], [9, 8], [20, 0], [1, -3], [3, 40]];
  assert.deepEqual(towards(places, 0), [1, 2, 4, 5]);
  assert.deepEqual(towards(places, 3), [2, -1, -1, 5]);
  assert.deepEqual(towards([[0, 0], [NaN, 0]], 0), [-1, -1, -1, -1]);
});

test("spots at one place follow each other, and the same spot pictured twice is no step", () => {
  const places = [[0, 0], [10, 0], [10, 0], [10, 0], [20, 0]];
  const way = (from, key) => {
    const met = [from];
    for (let next; (next = nextSpot(field(places), spot(places, met.at(-1)), key)); ) met.push(next.index);
    return met;
  };
  assert.deepEqual(way(0, "ArrowRight"), [0, 1, 2, 3, 4]);
  assert.deepEqual(way(4, "ArrowLeft"), [4, 3, 2, 1, 0]);
  const twice = (visit) => { visit(0, 0, 7); visit(5, 0, 7); visit(9, 0, 8); };
  assert.equal(nextSpot(twice, { x: 0, y: 0, index: 7 }, "ArrowRight")?.index, 8);
});

test("every spot is reached from every other by arrows alone", () => {
  let state = 1;
  const random = () => (state = (state * 1664525 + 1013904223) % 4294967296) / 4294967296;
  for (let k = 0; k < 24; k += 1) {
    const places = Array.from({ length: 120 }, (_, i) => [random() * 500, k % 2 ? random() * 500 : i % 3 ? 300 : random() * 200]);
    const to = places.map((_, i) => towards(places, i).filter((j) => j >= 0));
    const from = places.map((_, i) => to.flatMap((steps, j) => (steps.includes(i) ? [j] : [])));
    for (const steps of [to, from]) {
      const seen = new Set([0]);
      for (const at of seen) for (const next of steps[at]) seen.add(next);
      assert.equal(seen.size, places.length, `set ${k}`);
    }
  }
});

test("the first arrow begins in the middle, and other keys go through the measured in their order", () => {
  const places = [[0, 0], [40, 40], [52, 49], [100, 100]];
  const cursor = new Cursor();
  const press = (key, index) => cursor.key({ each: field(places), measured: [3, 0, 1], middle: [50, 50] }, index, key);
  assert.equal(press("ArrowLeft", -1), 2);
  assert.equal(press("ArrowLeft", 2), 1);
  assert.deepEqual([press("Home", 2), press("End", 2)], [3, 1]);
  assert.deepEqual([press("PageDown", -1), press("PageDown", 3), press("PageDown", 1), press("PageUp", 2), press("PageUp", 0), press("PageUp", 3)], [3, 0, 1, 1, 3, 3]);
  assert.deepEqual([press("Escape", 2), press("Escape", -1), press("Tab", 2)], [-1, null, null]);
});

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const picture = (page, selector) => page.locator(selector).evaluate((canvas) => canvas.toDataURL());

for (const [name, query] of Object.entries({
  bar: { preset: "figure-3", elements: "Au,Co" }, triangle: { preset: "figure-3" }, tetrahedron: { preset: "figure-4a" }, polygon: { preset: "figure-4e" }, pairs: { preset: "figure-4e", projection: "pairs" },
})) {
  test(`${name}: keys move the cursor on both canvases, and it is told where it is`, async () => {
    const { page, faults, close } = await open(browser, { ...query, seed: "1", speed: "top", "stop.iterations": "20" });
    try {
      await status(page, "ended");
      for (const selector of ["#grid", "#simplex"]) {
        const canvas = page.locator(selector);
        assert.match(await canvas.getAttribute("aria-description"), /Arrow keys go from particle to particle/);
        await canvas.focus();
        const bare = await picture(page, selector);
        const met = new Set();
        let shown = bare;
        for (const key of ["End", "ArrowLeft", "ArrowRight", ...(name === "bar" ? [] : ["ArrowUp", "ArrowDown"]), "PageUp", "Home"]) {
          const said = await text(page, "#hover");
          await page.keyboard.press(key);
          await page.waitForFunction(([said]) => { const now = document.querySelector("#hover").textContent; return now !== said && /predicted/.test(now); }, [said]);
          await page.waitForFunction(() => document.querySelector("#announce").textContent === document.querySelector("#hover").textContent);
          const next = await picture(page, selector);
          assert.notEqual(next, shown, `${selector}: the cursor is not seen after ${key}`);
          shown = next;
          met.add(await text(page, "#hover"));
        }
        assert.ok(met.size >= 4, `${met.size} particles`);
        await page.keyboard.press("Escape");
        await page.waitForFunction(() => document.querySelector("#hover").textContent === "");
        assert.equal(await picture(page, selector), bare, `${selector}: the ring stays`);
      }
      assert.deepEqual(faults, []);
    } finally {
      await close();
    }
  });
}

test("the picture of the grid follows the cursor, and Shift and an arrow pan it", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "40" });
  try {
    await status(page, "ended");
    const grid = page.locator("#grid");
    await grid.focus();
    for (let i = 0; i < 6; i += 1) await page.keyboard.press("+");
    await page.keyboard.press("End");
    await page.waitForFunction(() => /measured [\d.]+ · predicted/.test(document.querySelector("#hover").textContent));
    // The ring is in view: there is one of ink and paper that goes when the cursor goes.
    const ringed = await picture(page, "#grid");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelector("#hover").textContent === "");
    const bare = await picture(page, "#grid");
    assert.notEqual(ringed, bare);
    await page.keyboard.press("Shift+ArrowRight");
    await page.waitForFunction((bare) => document.querySelector("#grid").toDataURL() !== bare, bare);
    assert.equal(await text(page, "#hover"), "");
    // Arrows walk on beyond the edge of what is in view.
    for (let i = 0; i < 40; i += 1) await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => /predicted/.test(document.querySelector("#hover").textContent));
    const far = await picture(page, "#grid");
    await page.keyboard.press("Escape");
    await page.waitForFunction((far) => document.querySelector("#grid").toDataURL() !== far, far);
  } finally {
    await close();
  }
});

test("Shift and an arrow turn the tetrahedron, and a pointer is not told aloud", async () => {
  const { page, close } = await open(browser, { preset: "figure-4a", seed: "1", speed: "top", "stop.iterations": "20" });
  try {
    await status(page, "ended");
    await page.locator("#simplex").focus();
    const before = await picture(page, "#simplex");
    await page.keyboard.press("Shift+ArrowLeft");
    await page.waitForFunction((before) => document.querySelector("#simplex").toDataURL() !== before, before);
    const said = await text(page, "#announce");
    const box = await page.locator("#grid").boundingBox();
    for (let i = 0; i < 40 && !(await text(page, "#hover")); i += 1) await page.mouse.move(box.x + 100 + 3 * i, box.y + box.height / 2);
    await page.waitForFunction(() => /predicted/.test(document.querySelector("#hover").textContent));
    assert.equal(await text(page, "#announce"), said);
  } finally {
    await close();
  }
});

test("the canvases of an embed have the same cursor, and tell where it is, whatever its form", async () => {
  for (const form of ["interactive", "minimal"]) {
    const server = await host({ "/": around(`<grid-scout preset="figure-3" seed="1" ui="${form}" autoplay speed="top" params="stop.iterations=20"></grid-scout><script type="module" src="/dist/gridscout.mjs"></script>`) });
    const { page, faults, close } = await visit(browser, server.url);
    try {
      await heard(page, "end");
      await page.locator("[part=grid]").focus();
      const bare = await picture(page, "[part=grid]");
      await page.keyboard.press("End");
      await page.waitForFunction(() => /measured [\d.]+ · predicted/.test(document.querySelector("grid-scout").shadowRoot.querySelector(".content > .told").textContent));
      assert.notEqual(await picture(page, "[part=grid]"), bare);
      await page.keyboard.press("ArrowLeft");
      await page.waitForFunction(() => /not measured · predicted|measured [\d.]+ · predicted/.test(document.querySelector("grid-scout").shadowRoot.querySelector(".content > .told").textContent));
      assert.deepEqual(faults, []);
    } finally {
      await close();
      await server.close();
    }
  }
});

test("what dragging does, buttons do, where there is something to drag", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-4a", seed: "1", speed: "top", "stop.iterations": "20" });
  try {
    await status(page, "ended");
    /** Each button of a canvas changes its picture. */
    const moves = async (selector, verb) => {
      for (const way of ["left", "up", "down", "right"]) {
        const before = await picture(page, selector);
        const button = page.locator(`figure:has(${selector})`).getByRole("button", { name: `${verb} ${way}` });
        const { width, height } = await button.boundingBox();
        assert.ok(width >= 24 && height >= 24, `${width} by ${height}`);
        await button.click();
        await page.waitForFunction(([selector, before]) => document.querySelector(selector).toDataURL() !== before, [selector, before]);
      }
    };
    await moves("#simplex", "Turn");
    assert.equal(await page.getByRole("button", { name: "Pan left" }).count(), 0, "the whole grid is in view");
    for (let i = 0; i < 4; i += 1) await page.locator("#zoom-in").click();
    await moves("#grid", "Pan");
    await page.locator("#compare-keep").click();
    await page.locator('[id="set-planner-rule"]').selectOption("exhaust");
    await page.waitForFunction(() => !document.querySelector("#compare-result").hidden);
    await status(page, "ended");
    const turned = await picture(page, "#compare-simplex-a");
    await page.getByRole("group", { name: "Move the pictures of A" }).getByRole("button", { name: "Turn left" }).click();
    await page.waitForFunction((turned) => document.querySelector("#compare-simplex-a").toDataURL() !== turned, turned);
    const zoomed = await picture(page, "#compare-grid-b");
    await page.locator("#compare-grid-b").focus();
    await page.keyboard.press("+");
    await page.waitForFunction((zoomed) => document.querySelector("#compare-grid-b").toDataURL() !== zoomed, zoomed);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});
