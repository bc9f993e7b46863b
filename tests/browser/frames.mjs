// Prints how evenly the page draws; `cargo dev bench` runs it.
import { launch } from "./chromium.mjs";
import { gaps, statistics } from "./gaps.mjs";

const browser = await launch();
try {
  console.log("\nframe gaps at top speed, software rendering   frames  median ms  95 % ms  worst ms  over 33.3 ms");
  for (const preset of ["figure-3", "figure-4a", "figure-4e"]) {
    const { frames, median, p95, worst, late } = statistics(await gaps(browser, { preset, seed: "1" }));
    const columns = [frames, median.toFixed(1), p95.toFixed(1), worst.toFixed(1), late].map((value) => String(value).padStart(10));
    console.log(`${preset.padEnd(44)}${columns.join("")}`);
  }
} finally {
  await browser.close();
}
