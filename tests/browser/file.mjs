// A page that is one file, opened in Chromium as a reader would: light, dark, printed, right to left, narrow, with
// forced colours, with motion reduced.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "./chromium.mjs";

const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
export const browser = await launch();

const wide = { width: 1100, height: 900 };
export const looks = {
  light: { viewport: wide, colorScheme: "light" },
  dark: { viewport: wide, colorScheme: "dark" },
  printed: { viewport: wide, colorScheme: "dark", media: "print" },
  "right to left": { viewport: wide, colorScheme: "light", direction: "rtl" },
  "forced colours": { viewport: wide, forcedColors: "active" },
  "narrow with reduced motion": {
    viewport: { width: 400, height: 800 },
    colorScheme: "dark",
    reducedMotion: "reduce",
  },
};

/** Opens a file; `said` gathers what it tells the console and asks the network for. */
export async function open(file, { media, direction, ...options }, bypassCSP = false) {
  const context = await browser.newContext({ ...options, bypassCSP });
  const page = await context.newPage();
  const address = pathToFileURL(path.resolve(file)).href;
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => request.url() === address || said.push(`asked for ${request.url()}`));
  await page.goto(address);
  if (media) await page.emulateMedia({ media });
  if (direction) await page.evaluate((dir) => { document.documentElement.dir = dir; }, direction);
  return { context, page, said };
}

/** Asserts that axe finds nothing, that nothing is wider than the window, and that the page says and asks nothing. */
export async function assertAccessible(file, look) {
  // Only axe itself needs the policy out of its way.
  const { context, page, said } = await open(file, look, true);
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document));
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((n) => n.html).join("\n  ")}`);
  assert.deepEqual(found, []);
  assert.ok(passes.length > 10, `axe looked at ${passes.length} rules only`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px wider than the window`);
  assert.deepEqual(said, []);
  await context.close();
}
