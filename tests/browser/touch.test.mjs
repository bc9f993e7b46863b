// What fingers do to each view: the page can be scrolled and enlarged from everywhere, and only what is meant is changed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status, text } from "./chromium.mjs";
import { fingers, PHONE, within } from "./fingers.mjs";
import { SCENES } from "./scenes.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const SHORT = { seed: "1", speed: "top", "stop.iterations": "60" };
const scrolled = (page) => page.evaluate(() => scrollY);
const enlarged = (page) => page.evaluate(() => visualViewport.scale);
const picture = (page, selector) => page.locator(selector).evaluate((canvas) => canvas.toDataURL());

/** The page of a preset on a phone, once the campaign has ended. */
async function phone(preset, body) {
  const { page, faults, close } = await open(browser, { preset, ...SHORT }, PHONE);
  try {
    await status(page, "ended");
    await body(page, await fingers(page));
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
}

/** What a finger may be put on, each with the preset that shows it. */
const PLACES = { "words of help": ["figure-3", "#compare-section .help"], triangle: ["figure-3", "#simplex"], tetrahedron: ["figure-4a", "#simplex"], polygon: ["figure-4e", "#simplex"], "line chart": ["figure-3", "#curves svg"], "chart of shares": ["figure-3", "#shares svg"] };

for (const [name, [preset, selector]] of Object.entries(PLACES)) {
  test(`one finger up on the ${name} scrolls the page, and changes nothing else`, () => phone(preset, async (page, { stroke }) => {
    const at = await within(page, selector);
    const [before, iteration, shown] = [await scrolled(page), await text(page, "#iteration"), await picture(page, "#simplex")];
    await stroke([at(0.5, 0.7), [at(0.5, 0.7)[0], at(0.5, 0.7)[1] - 150]]);
    assert.ok((await scrolled(page)) > before + 60, `from ${before} to ${await scrolled(page)}`);
    assert.equal(await text(page, "#iteration"), iteration);
    assert.equal((await picture(page, "#simplex")) === shown, true, "the composition was drawn otherwise");
  }));

  test(`two fingers on the ${name} enlarge the page`, () => phone(preset, async (page, { part }) => {
    const at = await within(page, selector);
    const [iteration, shown] = [await text(page, "#iteration"), await picture(page, "#simplex")];
    await part(...at(0.5, 0.5));
    assert.ok((await enlarged(page)) > 1.5, `${await enlarged(page)} times`);
    assert.equal(await text(page, "#iteration"), iteration);
    assert.equal((await picture(page, "#simplex")) === shown, true, "the composition was drawn otherwise");
  }));
}

test("a tap on a spot of the composition says which particle it is", () => phone("figure-3", async (page) => {
  const at = await within(page, "#simplex");
  let said = "";
  for (let y = 0.3; y < 0.8 && !said; y += 0.05) {
    for (let x = 0.35; x < 0.65 && !said; x += 0.05) {
      await page.touchscreen.tap(...at(x, y));
      await page.waitForTimeout(60);
      said = await text(page, "#hover");
    }
  }
  assert.match(said, /at\.%/);
  assert.equal(await enlarged(page), 1);
}));

test("a finger sideways turns the tetrahedron, and the page stays", () => phone("figure-4a", async (page, { stroke }) => {
  const at = await within(page, "#simplex");
  const [before, shown] = [await scrolled(page), await picture(page, "#simplex")];
  await stroke([at(0.3, 0.5), at(0.7, 0.5)]);
  assert.equal(await scrolled(page), before);
  assert.notEqual(await picture(page, "#simplex"), shown);
}));

test("a chart goes to the iteration that is tapped, and follows a finger sideways", () => phone("figure-3", async (page, { stroke }) => {
  const at = await within(page, "#curves svg");
  await page.touchscreen.tap(...at(0.5, 0.5));
  await page.waitForTimeout(200);
  const tapped = Number((await text(page, "#iteration")).split(" ")[0]);
  assert.ok(tapped > 15 && tapped < 45, `${tapped}`);
  await stroke([at(0.5, 0.5), at(0.8, 0.5)]);
  const followed = Number((await text(page, "#iteration")).split(" ")[0]);
  assert.ok(followed > tapped + 8, `from ${tapped} to ${followed}`);
}));

test("the bar below the page goes through the iterations", () => phone("figure-3", async (page) => {
  const at = await within(page, "#scrub");
  await page.touchscreen.tap(...at(0.5, 0.5));
  await page.waitForTimeout(200);
  assert.match(await text(page, "#scrub-text"), /^(2[5-9]|3[0-5]) \/ 60$/);
}));

test("the embed: a tap picks, one finger scrolls the page that holds it, two enlarge its map", async () => {
  const { page, faults, close } = await SCENES["element, interactive"](browser, PHONE);
  try {
    const { stroke, part } = await fingers(page);
    const at = await within(page, "grid-scout canvas");
    const before = await scrolled(page);
    await stroke([at(0.5, 0.8), [at(0.5, 0.8)[0], at(0.5, 0.8)[1] - 150]]);
    assert.ok((await scrolled(page)) > before + 60, `from ${before} to ${await scrolled(page)}`);
    const again = await within(page, "grid-scout canvas");
    const map = page.locator("grid-scout canvas").first();
    const shown = await map.evaluate((canvas) => canvas.toDataURL());
    await part(...again(0.5, 0.5));
    assert.equal((await map.evaluate((canvas) => canvas.toDataURL())) === shown, false, "the map stayed as it was");
    assert.equal(await enlarged(page), 1);
    const said = () => page.evaluate(() => document.querySelector("grid-scout").shadowRoot.querySelector(".hover").textContent);
    for (let y = 0.2; y < 0.8 && !(await said()); y += 0.06) for (let x = 0.2; x < 0.8 && !(await said()); x += 0.06) await page.touchscreen.tap(...again(x, y));
    assert.match(await said(), /at\.%/);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});
