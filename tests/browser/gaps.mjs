// How evenly the page draws: the time between animation frames during a campaign at top speed.
import { status } from "./chromium.mjs";

/** Runs in the page before its own scripts do. */
function record() {
  const gaps = [];
  let last = performance.now();
  let ran = false;
  const frame = (now) => {
    // From the frame before the first iteration shows to the one that shows the end.
    const runs = document.getElementById("status")?.textContent === "running";
    if (runs || ran) gaps.push(now - last);
    [last, ran] = [now, runs];
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.frameGaps = gaps;
}

/**
 * The gaps in milliseconds while a campaign runs: `first` right after the page was loaded, when the browser still interprets and
 * compiles its scripts, `again` when the same campaign is run once more.
 */
export async function gaps(browser, query) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(record);
  await page.goto(`${process.env.GRIDSCOUT_URL}?${new URLSearchParams({ speed: "top", ...query })}`);
  await status(page, "ended");
  const take = () => page.evaluate(() => window.frameGaps.splice(0));
  await page.waitForTimeout(1000);
  const first = await take();
  await page.click("#run");
  await status(page, "running");
  await status(page, "ended");
  await page.waitForTimeout(200);
  const again = await take();
  await context.close();
  return { first, again };
}

export function statistics(gaps) {
  const sorted = [...gaps].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const late = gaps.filter((gap) => gap > 1000 / 30).length;
  return { frames: gaps.length, median: at(0.5), p95: at(0.95), worst: at(1), late };
}
