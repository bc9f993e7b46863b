// Pages that are not the gateway's own try its WebSocket, in a real browser; each opens as soon as its origin is listed.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { serve } from "./gateway.mjs";

let browser;
let elsewhere;
before(async () => {
  // Every such name leads to this machine, as the names of an attacker can.
  browser = await launch(["--host-resolver-rules=MAP *.example 127.0.0.1"]);
  elsewhere = await listening((_, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html>"));
});
after(async () => {
  await browser.close();
  elsewhere.close();
});

/** A server on a free port of this machine. */
function listening(answer) {
  return new Promise((resolve) => {
    const server = createServer(answer).listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** A port that was free a moment ago, for an origin that must be known before the gateway is there. */
async function freePort() {
  const server = await listening();
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What becomes of a WebSocket that the page or frame asks for. */
function tries(frame, url) {
  return frame.evaluate((url) => new Promise((resolve) => {
    const socket = new WebSocket(url, "gridscout.v1");
    socket.onopen = () => resolve("opened");
    socket.onclose = ({ code }) => resolve(`closed with ${code}`);
  }), url);
}

/** What becomes of it on a page of its own, at a gateway with these options. */
async function meets(options, address, inside = (page) => page) {
  const gateway = await serve(["--time-scale", "0", ...options]);
  const page = await browser.newPage();
  try {
    const { host, port } = new URL(gateway.said.url);
    const { from, to } = address({ host, port });
    await page.goto(from);
    assert.equal(await page.evaluate(() => origin), new URL(from).origin);
    return await tries(await inside(page), `ws://${to}/ws`);
  } finally {
    await page.close();
    await gateway.close();
  }
}

const REFUSED = "closed with 1006";
const there = (name) => `http://${name}:${elsewhere.address().port}`;

test("a foreign origin never opens it, unless it is listed", async () => {
  const address = ({ host }) => ({ from: there("foreign.example"), to: host });
  assert.equal(await meets([], address), REFUSED);
  assert.equal(await meets(["--origin", "http://other.example:80"], address), REFUSED);
  assert.equal(await meets(["--origin", there("foreign.example")], address), "opened");
});

test("another port of the same host never opens it, unless it is listed", async () => {
  const address = ({ host }) => ({ from: there("127.0.0.1"), to: host });
  assert.equal(await meets([], address), REFUSED);
  assert.equal(await meets(["--origin", there("127.0.0.1")], address), "opened");
});

test("a name that was rebound to the gateway never opens it, unless it is listed", async () => {
  // The page is the gateway's own answer under that name: same origin, for the browser.
  const address = ({ port }) => ({ from: `http://rebound.example:${port}/gateway.json`, to: `rebound.example:${port}` });
  assert.equal(await meets([], address), REFUSED);
  const port = String(await freePort());
  assert.equal(await meets(["--port", port, "--origin", `http://rebound.example:${port}`], address), "opened");
});

test("a sandboxed frame never opens it, though the page around it may", async () => {
  const listed = ["--origin", there("127.0.0.1")];
  const address = ({ host }) => ({ from: there("127.0.0.1"), to: host });
  const framed = (sandbox) => async (page) => {
    await page.setContent(`<iframe sandbox="${sandbox}" srcdoc="<!doctype html>"></iframe>`);
    const frame = await (await page.locator("iframe").elementHandle()).contentFrame();
    assert.equal(await frame.evaluate(() => origin), sandbox.includes("same-origin") ? there("127.0.0.1") : "null");
    return frame;
  };
  assert.equal(await meets(listed, address, framed("allow-scripts")), REFUSED);
  assert.equal(await meets(listed, address, framed("allow-scripts allow-same-origin")), "opened");
});
