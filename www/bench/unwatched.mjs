// Visits of which the browser's tools see as little as possible. Whoever listens to the network, the console or the
// scripts of a page has the engine note where each request and message came from, which costs a page that loads
// something by script as much again as the loading. So these visits are driven over the tools' own pipe, without a
// driver: the page is asked nothing until its banner is seen, and says that by the fragment of its address.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { CHROMIUM, FLAGS, SEEN, THROTTLE, watch } from "./browser.mjs";

/** How many milliseconds after its start a visit must have come to its banner. */
const LATEST = 60_000;

/** Starts a browser for such visits. */
export async function launchUnwatched() {
  const profile = await mkdtemp(path.join(tmpdir(), "placet-www-bench-profile-"));
  const flags = ["--headless", "--remote-debugging-pipe", `--user-data-dir=${profile}`, ...FLAGS, "about:blank"];
  const program = spawn(CHROMIUM, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [, , , into, out] = program.stdio;
  const waiting = new Map();
  const listeners = new Map();
  let rest = "";
  out.setEncoding("utf8").on("data", (text) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop();
    for (const message of messages.map((text) => JSON.parse(text))) {
      const { done, failed } = waiting.get(message.id) ?? {};
      if (waiting.delete(message.id)) message.error ? failed(new Error(message.error.message)) : done(message.result);
      else listeners.get(message.sessionId)?.(message);
    }
  });
  let last = 0;
  const send = (method, params = {}, sessionId) =>
    new Promise((done, failed) => {
      waiting.set(++last, { done, failed });
      into.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });

  /** A first visitor: their context is of its own. Gives Chromium's metrics, half a second after the banner was seen, and when that was. */
  async function visit(address, { host, selector }) {
    const { browserContextId } = await send("Target.createBrowserContext");
    try {
      const { targetId } = await send("Target.createTarget", { url: "about:blank", browserContextId, width: 1280, height: 800 });
      const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
      const page = (method, params) => send(method, params, sessionId);
      await page("Page.enable");
      const source = `(${watch})(${JSON.stringify({ host, selector, told: SEEN })})`;
      await page("Page.addScriptToEvaluateOnNewDocument", { source });
      await page("Performance.enable");
      await page("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
      const isSeen = new Promise((told) => {
        listeners.set(sessionId, ({ method, params }) => method == "Page.navigatedWithinDocument" && params.url.endsWith(SEEN) && told(true));
      });
      await page("Page.navigate", { url: address });
      if (!(await Promise.race([isSeen, setTimeout(LATEST, false, { ref: false })]))) throw new Error(`no banner is seen at ${address}`);
      // What it does after it is seen counts too.
      await setTimeout(500);
      const { metrics } = await page("Performance.getMetrics");
      const { result } = await page("Runtime.evaluate", { expression: "seen", returnByValue: true });
      return { ...result.value, of: (name) => metrics.find((metric) => metric.name == name).value };
    } finally {
      await send("Target.disposeBrowserContext", { browserContextId });
    }
  }

  async function close() {
    const ended = new Promise((done) => program.once("exit", done));
    send("Browser.close").catch(() => {});
    await ended;
    await rm(profile, { recursive: true, force: true });
  }

  return { visit, close };
}
