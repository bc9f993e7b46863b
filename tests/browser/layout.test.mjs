// The layout checks find what they are there for, and the page passes them at every size.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status } from "./chromium.mjs";
import { complaints } from "./layout.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const BROKEN = {
  "a wide element": ['<div style="width:2000px">x</div>', /2000 px wide|px wide in a window/],
  "cut text": ['<p style="width:40px;overflow:hidden;white-space:nowrap">much too long for it</p>', /cut: "much too long/],
  "text cut below": ['<p style="height:10px;overflow:hidden;font-size:30px">tall</p>', /cut: "tall"/],
  "a cut choice": ['<select style="width:50px"><option>a very long choice indeed</option></select>', /cut: the choice/],
  "overlapping controls": ['<button>one</button><button style="margin-left:-30px">two</button>', /overlap of .*"one" and "two"/],
  "a blank canvas": ['<canvas id="c" width="90" height="90"></canvas>', /blank: canvas#c/],
};

for (const [what, [html, expected]] of Object.entries(BROKEN)) {
  test(`${what} is found`, async () => {
    const page = await browser.newPage({ viewport: { width: 600, height: 400 } });
    await page.setContent(`<!doctype html><body>${html}</body>`);
    assert.match((await complaints(page)).join("\n"), expected);
    await page.close();
  });
}

test("a sound page has no complaint", async () => {
  const page = await browser.newPage();
  await page.setContent("<!doctype html><body><p>text</p><button>one</button> <button>two</button> <select><option>a</option></select>");
  assert.deepEqual(await complaints(page), []);
  await page.close();
});

for (const [width, height] of [
  [1440, 900],
  [768, 1024],
  [390, 844],
]) {
  test(`the page fits ${width}×${height}`, async () => {
    const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top" }, { viewport: { width, height } });
    await status(page, "ended");
    assert.deepEqual(await complaints(page), []);
    await close();
  });
}
