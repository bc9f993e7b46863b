// What is kept of the page is one whole version, whatever the server and the network do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { launch, status } from "./chromium.mjs";
import { serve } from "./gateway.mjs";
import { installed, site, until } from "./site.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** A rebuilt page: another title, a module that says so, and a list with another digest. */
async function rebuilt() {
  const index = (await readFile("www/index.html", "utf8")).replace("<title>gridscout</title>", "<title>gridscout, changed</title>");
  const format = `${await readFile("www/format.js", "utf8")}\ndocument.documentElement.dataset.module = "changed";\n`;
  const changed = { "index.html": index, "format.js": format };
  return { ...changed, "pkg/files.json": JSON.stringify(await listed(built.files, changed)) };
}

/** The list that the build would write of these files. @param {string[]} files @param {Record<string, string>} changed */
async function listed(files, changed) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(changed[file] ?? (await readFile(`www/${file}`)));
  return { digest: hash.digest("hex"), files };
}

const version = (page) => page.evaluate(() => [document.title, document.documentElement.dataset.module ?? ""]);
const OLD = ["gridscout", ""];
const NEW = ["gridscout, changed", "changed"];
const built = JSON.parse(await readFile("www/pkg/files.json", "utf8"));
/** Whether the version is kept that this list is of. @param {string} list */
const keeps = (list) => `caches.match("pkg/files.json").then((list) => list?.json()).then((list) => list?.digest === "${JSON.parse(list).digest}")`;

test("a server that lets files be kept for ten minutes is asked all the same", async () => {
  const served = await site({ "cache-control": "max-age=600" });
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(`${served.url}?speed=top`);
    await installed(page);
    assert.deepEqual(await version(page), OLD);
    Object.assign(served.changed, await rebuilt());
    await page.goto(`${served.url}?speed=top&seed=2`);
    await status(page, "ended");
    assert.deepEqual(await version(page), NEW);
    await until(page, keeps(served.changed["pkg/files.json"]), "the new one is kept");
    await served.stop();
    await page.goto(`${served.url}?speed=top&seed=3`);
    await status(page, "ended");
    assert.deepEqual(await version(page), NEW);
  } finally {
    await context.close();
    await served.stop();
  }
});

for (const [where, headers] of Object.entries({ "": undefined, ", also from a server that lets files be kept": { "cache-control": "max-age=600" } })) {
  test(`a module that was changed by hand, without a build, is seen at the next load${where}`, async () => {
    const served = await site(headers);
    const context = await browser.newContext();
    const page = await context.newPage();
    try {
      await page.goto(`${served.url}?speed=top`);
      await installed(page);
      served.changed["format.js"] = (await rebuilt())["format.js"];
      await page.goto(`${served.url}?speed=top&seed=2`);
      await status(page, "ended");
      assert.deepEqual(await version(page), ["gridscout", "changed"]);
    } finally {
      await context.close();
      await served.stop();
    }
  });
}

test("a network that goes while a new version comes leaves the old one whole", async () => {
  const served = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(`${served.url}?speed=top`);
    await installed(page);
    Object.assign(served.changed, await rebuilt());
    // The first file of the new version still comes, and nothing after it.
    served.fail = (name) => name !== "index.html";
    await page.goto(`${served.url}?speed=top&seed=2`);
    await page.waitForTimeout(1500);
    await served.stop();
    await page.goto(`${served.url}?speed=top&seed=3`);
    await status(page, "ended");
    assert.deepEqual(await version(page), OLD);
  } finally {
    await context.close();
    await served.stop();
  }
});

test("files of two versions, from a server that is just being given the next one, are not kept", async () => {
  const served = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(`${served.url}?speed=top`);
    await installed(page);
    const { "format.js": late, ...early } = await rebuilt();
    Object.assign(served.changed, early);
    await page.goto(`${served.url}?speed=top&seed=2`);
    await status(page, "ended");
    await page.waitForTimeout(1500);
    assert.equal(await page.evaluate(keeps(early["pkg/files.json"])), false);
    served.fail = () => true;
    await page.goto(`${served.url}?speed=top&seed=3`);
    await status(page, "ended");
    assert.deepEqual(await version(page), OLD);
    // When all of it is there, it is kept.
    served.fail = () => false;
    served.changed["format.js"] = late;
    await page.goto(`${served.url}?speed=top&seed=4`);
    await until(page, keeps(early["pkg/files.json"]), "the new one is kept");
    await served.stop();
    await page.goto(`${served.url}?speed=top&seed=5`);
    await status(page, "ended");
    assert.deepEqual(await version(page), NEW);
  } finally {
    await context.close();
    await served.stop();
  }
});

test("what a new version no longer has is no longer kept", async () => {
  const served = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    served.changed["gone.js"] = "// of an older version";
    served.changed["pkg/files.json"] = JSON.stringify(await listed([...built.files, "gone.js"], served.changed));
    await page.goto(`${served.url}?speed=top`);
    await installed(page);
    assert.equal(await page.evaluate(async () => (await caches.match("gone.js")) !== undefined), true);
    served.changed = {};
    await page.goto(`${served.url}?speed=top&seed=2`);
    await until(page, keeps(JSON.stringify(built)), "the new one is kept");
    await until(page, async () => (await caches.match("gone.js")) === undefined, "the old file is let go");
    const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length))));
    assert.deepEqual(kept, [built.files.length + 2]);
  } finally {
    await context.close();
    await served.stop();
  }
});

test("another profile of the browser knows nothing of it", async () => {
  const served = await site();
  const [one, other] = [await browser.newContext(), await browser.newContext()];
  try {
    const page = await one.newPage();
    await page.goto(`${served.url}?speed=top`);
    await installed(page);
    await served.stop();
    const strange = await other.newPage();
    await assert.rejects(strange.goto(served.url), /ERR_CONNECTION_REFUSED/);
    await page.goto(`${served.url}?speed=top&seed=2`);
    await status(page, "ended");
  } finally {
    await one.close();
    await other.close();
    await served.stop();
  }
});

test("nothing that a gateway says is kept, and what was kept there is thrown away", async () => {
  const plain = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  let gateway;
  try {
    await page.goto(`${plain.url}?speed=top`);
    await installed(page);
    await plain.stop();
    gateway = await serve(["--time-scale", "0.01", "--port", String(plain.port)]);
    await page.goto(gateway.said.url);
    await page.waitForFunction(() => !document.querySelector("#instrument").hidden);
    await until(page, async () => (await navigator.serviceWorker.getRegistrations()).length === 0, "let go");
    await page.goto(gateway.said.url);
    await page.waitForFunction(() => !document.querySelector("#instrument").hidden);
    await until(page, async () => (await caches.keys()).length === 0, "thrown away");
    // A plain page would have registered it by then.
    await page.waitForTimeout(4000);
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
    await gateway.close();
    await assert.rejects(page.goto(gateway.said.url), /ERR_CONNECTION_REFUSED/);
  } finally {
    await context.close();
    await gateway?.close();
    await plain.stop();
  }
});

test("at a gateway only what may answer at its address is let go", async () => {
  const server = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  // Another program behind the same origin.
  Object.assign(server.changed, { "other/index.html": "<!doctype html><title>other</title>", "other/worker.js": "", "empty.html": "<!doctype html><title>empty</title>" });
  try {
    await page.goto(`${server.url}empty.html`);
    await page.evaluate(async (url) => {
      await navigator.serviceWorker.register("other/worker.js");
      await navigator.serviceWorker.register("offline.js");
      for (const name of [`gridscout ${url} 1`, `gridscout ${url}other/ 1`, "gridscout", "others"]) await caches.open(name);
    }, server.url);
    await page.evaluate(async () => {
      const { keepOffline } = await import("/install.js");
      keepOffline(true);
    });
    await until(page, async () => !(await caches.keys()).some((name) => name === `gridscout ${location.origin}/ 1`), "let go");
    assert.deepEqual(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope)), [`${server.url}other/`]);
    const kept = await page.evaluate(() => caches.keys());
    for (const name of [`gridscout ${server.url}other/ 1`, "gridscout", "others"]) assert.ok(kept.includes(name), name);
  } finally {
    await context.close();
    await server.stop();
  }
});
