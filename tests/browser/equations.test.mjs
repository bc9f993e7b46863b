// Every control and every view explains itself on demand, with its equations typeset.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { typeset } from "../../packaging/equations/typeset.mjs";
import { equations } from "../../www/equations/typeset.js";
import { ofSetting, ofView } from "../../www/equations/subjects.js";
import { parameters } from "./states.mjs";
import { launch, open, status } from "./chromium.mjs";
import { complaints } from "./layout.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Settings of which no equation speaks. */
const WITHOUT = ["planner.fraction", "planner.seed_particles", "planner.first_region", "seed", "stop.iterations"];

test("the typeset equations are those of their source", () => {
  assert.equal(readFileSync("www/equations/typeset.js", "utf8"), typeset(), "run cargo dev equations");
});

test("every setting has its equations, and every equation is had by something", () => {
  const used = new Set();
  for (const parameter of parameters) {
    const { equations: names } = ofSetting(parameter);
    for (const name of names) { assert.ok(equations[name], `${parameter.path}: no equation ${name}`); used.add(name); }
    assert.equal(names.length === 0, WITHOUT.includes(parameter.path), parameter.path);
    if (parameter.equation) assert.ok(names.includes(parameter.equation), `${parameter.path} is listed with eq ${parameter.equation}`);
  }
  for (const view of ["grid", "simplex", "progress", "shares", "decision", "ledger", "whatIf", "compare", "study", "capacity"]) {
    for (const name of ofView(view).equations) { assert.ok(equations[name], `${view}: no equation ${name}`); used.add(name); }
  }
  assert.deepEqual(Object.keys(equations).filter((name) => !used.has(name)), []);
});

for (const [width, theme] of [[1440, "light"], [390, "dark"]]) {
  test(`each of them opens by keyboard, in the window, and gives the focus back, ${width} pixels wide, ${theme}`, async () => {
    const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top" }, { viewport: { width, height: 900 } });
    try {
      await page.locator("#theme").selectOption(theme);
      await status(page, "ended");
      await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
      const count = await page.locator("button.explain").evaluateAll((all) => all.filter((button) => button.checkVisibility()).length);
      assert.ok(count >= parameters.length - 1 + 9, `${count} explanations`);
      const note = page.locator("#explanation");
      let formulas = 0;
      for (const button of await page.locator("button.explain").all()) {
        if (!(await button.isVisible())) continue;
        const name = await button.getAttribute("aria-label");
        await button.focus();
        await page.keyboard.press("Enter");
        await page.waitForFunction(() => document.activeElement?.id === "explanation");
        assert.equal(`Explain: ${await note.locator("h2").textContent()}`, name);
        await page.waitForFunction(() => [...document.querySelectorAll("#explanation dl")].every((list) => list.querySelector("math")?.getBoundingClientRect().height > 12));
        const cut = await note.locator("math").evaluateAll((all) => all.filter((math) => math.getBoundingClientRect().right > math.parentElement.getBoundingClientRect().right + 1).length);
        assert.equal(cut, 0, `${name}: ${cut} formulas are cut`);
        formulas += await note.locator("math").count();
        const { x, y, width: w, height: h } = await note.boundingBox();
        assert.ok(x >= 0 && y >= 0 && x + w <= width && y + h <= 900, `${name}: ${[x, y, w, h]}`);
        await page.keyboard.press("Escape");
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), name);
      }
      const list = await page.locator("#equations math").evaluateAll((all) => all.map((math) => [math.namespaceURI, math.getBoundingClientRect().height]));
      assert.ok(list.length >= Object.keys(equations).length);
      for (const [space, height] of list) assert.ok(space.endsWith("MathML") && height > 12);
      assert.equal(await page.locator("#equations math[aria-label]").count(), Object.keys(equations).length);
      assert.deepEqual(await complaints(page), []);
      assert.deepEqual(faults, []);
      console.log(`${count} explanations with ${formulas} formulas`);
    } finally {
      await close();
    }
  });
}
