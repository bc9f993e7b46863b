// Fingers on the screen, as the browser gets them.

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/** @param {import("playwright-core").Page} page */
export async function fingers(page) {
  const devtools = await page.context().newCDPSession(page);
  const send = (type, points) => devtools.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  /** Each finger from one place to another, in ten steps. @param {[[number, number], [number, number]][]} strokes */
  const stroke = async (...strokes) => {
    const at = (share) => strokes.map(([[x0, y0], [x1, y1]]) => [x0 + share * (x1 - x0), y0 + share * (y1 - y0)]);
    await send("touchStart", at(0));
    for (let i = 1; i <= 10; i += 1) { await send("touchMove", at(i / 10)); await page.waitForTimeout(16); }
    await send("touchEnd", []);
    await page.waitForTimeout(400);
  };
  return {
    stroke,
    /** Two fingers that part, around a place. @param {number} x @param {number} y */
    part: (x, y) => stroke([[x - 20, y], [x - 90, y]], [[x + 20, y], [x + 90, y]]),
  };
}

/** Of an element brought into the middle of the window: a place in it, by shares of its width and height. */
export async function within(page, selector) {
  const element = page.locator(selector).first();
  await element.evaluate((node) => node.scrollIntoView({ block: "center", behavior: "instant" }));
  await page.waitForTimeout(200);
  const box = await element.boundingBox();
  return (x, y) => /** @type {[number, number]} */ ([box.x + x * box.width, box.y + y * box.height]);
}
