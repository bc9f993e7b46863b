// What the npm package's README says of the embeds is what they do: its tables against the code, its policy against a browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { around, heard, host, visit } from "./host.mjs";

const README = await readFile("packaging/npm/README.md", "utf8");
const SCRIPT = '<script type="module" src="/dist/gridscout.mjs"></script>';

/** Rows of the table below a heading, as cells. */
function table(heading, text = README) {
  const [, section] = text.split(`\n## ${heading}\n`);
  const rows = section.split("\n## ")[0].split("\n").filter((line) => line.startsWith("|")).slice(2);
  return rows.map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
}
/** The words in code, without those that are more than a word. */
const codes = (cell) => [...cell.matchAll(/`([\w:.-]+)`/g)].map(([, word]) => word);
const firsts = (rows) => rows.map(([first]) => first.replace(/^`(.*?)[`(].*$/, "$1"));
const sorted = (words) => [...words].sort();

let browser;
let server;
let visited;
before(async () => {
  browser = await launch();
  const frame = '<iframe src="/dist/gridscout.html?stop.iterations=2&autoplay&speed=top" title="gridscout" width="800" height="600"></iframe>';
  server = await host({ "/": around(`<grid-scout id="it" params="stop.iterations=2" speed="top"></grid-scout>${SCRIPT}`), "/frame": around(frame) });
  visited = await visit(browser, server.url);
  await heard(visited.page, "ready");
});
after(async () => {
  await visited?.close();
  await server?.close();
  await browser?.close();
});

test("attributes, properties and methods", async () => {
  const { observed, others } = await visited.page.evaluate(() => {
    const GridScout = customElements.get("grid-scout");
    const own = Object.getOwnPropertyNames(GridScout.prototype).filter((name) => name !== "constructor" && !name.endsWith("Callback"));
    return { observed: GridScout.observedAttributes, others: own.filter((name) => !GridScout.observedAttributes.includes(name)) };
  });
  assert.deepEqual(sorted(firsts(table("Attributes"))), sorted(observed));
  assert.deepEqual(sorted([...firsts(table("Properties")), ...firsts(table("Methods"))]), sorted(others));
});

test("the words that an attribute may be", async () => {
  const allowed = Object.fromEntries(table("Attributes").map(([name, words]) => [codes(name)[0], codes(words).join(", ")]));
  const errors = await visited.page.evaluate(async () => {
    const element = document.createElement("grid-scout");
    const told = new Promise((resolve) => element.addEventListener("gridscout-error", ({ detail }) => resolve(detail.errors)));
    for (const name of ["preset", "ui", "theme", "loading"]) element.setAttribute(name, "none of them");
    document.body.append(element);
    const errors = await told;
    element.remove();
    return errors;
  });
  assert.deepEqual(errors.map(({ field }) => field).sort(), ["loading", "preset", "theme", "ui"]);
  for (const { field, allowed: really } of errors) assert.equal(allowed[field], really, field);
});

test("events, their details and the state", async () => {
  await visited.page.evaluate(async () => {
    const it = document.querySelector("#it");
    await it.run();
    it.theme = "none of them";
  });
  await heard(visited.page, "error", "it");
  const details = await visited.page.evaluate(() => Object.fromEntries(globalThis.heard.filter(({ id }) => id === "it").map(({ name, detail }) => [`gridscout-${name}`, detail])));
  const rows = table("Events");
  assert.deepEqual(sorted(firsts(rows)), sorted(Object.keys(details)));
  const fields = firsts(table("State"));
  for (const [name, , said] of rows) {
    const detail = details[codes(name)[0]];
    const really = [detail, ...(detail.errors ?? [])].flatMap((one) => Object.keys(one));
    assert.deepEqual(sorted(said === "the state" ? fields : codes(said)), sorted(really), name);
  }
});

test("parts, and the forms that have them", async () => {
  const said = Object.fromEntries(table("Parts").map(([name, , forms]) => [codes(name)[0], forms]));
  const forms = ["interactive", "presentation", "report", "minimal"];
  const meant = (words) => (words === "any" ? forms : words.startsWith("not ") ? forms.filter((form) => !codes(words).includes(form)) : codes(words));
  for (const form of forms) {
    // Two stand ready in every form, to be shown when there is something in them.
    const really = await visited.page.locator("#it").evaluate((it, form) => {
      it.ui = form;
      const parts = [...it.shadowRoot.querySelectorAll("[part]")];
      return parts.filter((part) => ["problems", "poster"].includes(part.part.value) || !part.closest("[hidden]")).map((part) => part.part.value);
    }, form);
    assert.deepEqual(Object.keys(said).filter((name) => meant(said[name]).includes(form)).sort(), really.sort(), form);
  }
});

test("custom properties, and what they are unless set", async () => {
  const css = await readFile("www/embed/embed.css", "utf8");
  const usual = new Map();
  for (const [, name, value] of css.matchAll(/var\((--gridscout-[\w-]+), ([^;]*?)\)[;,\n]/g)) usual.set(name, [...new Set([...(usual.get(name) ?? []), value])]);
  assert.equal(new Set(css.match(/--gridscout-[\w-]+/g)).size - usual.size, 0);
  const said = table("Custom properties").map(([name, light, dark]) => [firsts([[name]])[0], [light, dark].filter(Boolean).map((value) => value.slice(1, -1))]);
  assert.deepEqual(Object.fromEntries(said), Object.fromEntries(usual));
});

test("questions of a frame, and their answers", async (context) => {
  const { page, close } = await visit(browser, `${server.url}/frame`);
  context.after(close);
  const rows = table("Messages to gridscout.html");
  await page.frameLocator("iframe").locator("[part=facts]").filter({ hasText: "iteration" }).waitFor();
  const ask = (type) => page.evaluate((type) => new Promise((resolve) => {
    addEventListener("message", ({ data }) => { if (data.id === type) resolve(data); });
    document.querySelector("iframe").contentWindow.postMessage({ type, version: 1, id: type }, "*");
  }), type);
  const { type, errors } = await ask("gridscout:no-such-question");
  assert.deepEqual([type, errors[0].allowed], ["gridscout:error", firsts(rows).join(", ")]);
  for (const [question, , answer] of rows) {
    const { type, version, id, ...rest } = await ask(codes(question)[0]);
    assert.deepEqual([type, version, id], [codes(question)[0], 1, codes(question)[0]]);
    assert.deepEqual(sorted(codes(answer)), sorted(Object.keys(rest)), question);
  }
});

test("traits of the widget, in the wheel's README too", async () => {
  const python = await readFile("packaging/python/src/gridscout/__init__.py", "utf8");
  const traits = [...python.matchAll(/^ {4}(\w+) = traitlets\./gm)].map(([, name]) => name);
  const wheel = `\n## In a notebook\n${await readFile("packaging/python/README.md", "utf8")}`;
  for (const text of [README, wheel]) assert.deepEqual(sorted(firsts(table("In a notebook", text))), sorted(traits));
});

test("the policy is what a page needs, and without any of it the page says which", async (context) => {
  const [, policy] = /Content-Security-Policy: (.*)/.exec(README);
  const begun = async (words) => {
    const strict = await host({ "/": around(`<grid-scout preset="figure-3" seed="1"></grid-scout>${SCRIPT}`) }, { "content-security-policy": `default-src 'none'; ${words}` });
    context.after(strict.close);
    const visited = await visit(browser, strict.url);
    context.after(visited.close);
    return visited.page;
  };
  const { state } = await heard(await begun(policy), "ready");
  assert.equal(state.preset, "figure-3");
  for (const word of [" 'wasm-unsafe-eval'", " worker-src blob:"]) {
    const { errors } = await heard(await begun(policy.replace(word, "")), "error");
    assert.equal(errors[0].field, "engine", word);
    assert.match(errors[0].allowed, /\(script-src 'wasm-unsafe-eval'; worker-src blob:\)$/);
  }
});
