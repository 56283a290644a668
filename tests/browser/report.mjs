// Opens audit reports in Chromium as a reader would: light, dark, printed, right to left, narrow,
// with motion reduced. Fails on any violation axe finds, on anything a page asks the network for,
// on anything the console says, and when the table of the first page does not sort by keyboard.
//
//   node report.mjs FILE.html...        the browser is $CHROMIUM, or `chromium` on the path
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "./chromium.mjs";

const files = process.argv.slice(2);
assert.ok(files.length > 0, "found no file; expected: node report.mjs FILE.html...");
const version = Number(process.versions.node.split(".")[0]);
assert.ok(version >= 20, `found Node.js ${process.versions.node}, expected 20 or later`);

const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const browser = await launch();

const wide = { width: 1100, height: 900 };
const looks = {
  light: { viewport: wide, colorScheme: "light" },
  dark: { viewport: wide, colorScheme: "dark" },
  printed: { viewport: wide, colorScheme: "dark", media: "print" },
  "right to left": { viewport: wide, colorScheme: "light", direction: "rtl" },
  "narrow with reduced motion": {
    viewport: { width: 400, height: 800 },
    colorScheme: "dark",
    reducedMotion: "reduce",
  },
};

/** Opens a page; `said` gathers what it tells the console and asks the network for. */
async function open(file, { media, direction, ...options }, bypassCSP) {
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

for (const [number, file] of files.entries()) {
  const name = path.basename(file);
  for (const [look, options] of Object.entries(looks)) {
    test(`${name} is accessible: ${look}`, async () => {
      // Only axe itself needs the policy out of its way.
      const { context, page, said } = await open(file, options, true);
      await page.evaluate(axe);
      const { violations, passes } = await page.evaluate(() => window.axe.run(document));
      const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((n) => n.html).join("\n  ")}`);
      assert.deepEqual(found, []);
      assert.ok(passes.length > 10, `axe looked at ${passes.length} rules only`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} px wider than the window`);
      assert.deepEqual(said, []);
      await context.close();
    });
  }

  // One page with a table is enough to try its script on, and that is the first.
  if (number > 0) continue;
  test(`${name} sorts by keyboard under its own policy`, async () => {
    const { context, page, said } = await open(file, looks.light, false);
    const font = await page.evaluate(() => getComputedStyle(document.body).maxInlineSize);
    assert.notEqual(font, "none", "the style is in force");
    const heads = page.locator("table.cookies thead th");
    const cells = (column) =>
      page.locator(`table.cookies tbody tr > :nth-child(${column + 1})`).evaluateAll((all) =>
        all.map((cell) => Number(cell.dataset.key ?? NaN) || cell.textContent));
    const rows = await page.locator("table.cookies tbody tr").count();
    for (let column = 0; column < (await heads.count()); column += 1) {
      const head = heads.nth(column);
      await head.getByRole("button").focus();
      await page.keyboard.press("Enter");
      assert.equal(await head.getAttribute("aria-sort"), "ascending");
      const up = await cells(column);
      await page.keyboard.press("Space");
      assert.equal(await head.getAttribute("aria-sort"), "descending");
      const down = await cells(column);
      assert.deepEqual(down, up.toReversed());
      assert.equal(down.length, rows);
      if (typeof up[0] === "number") assert.deepEqual(up, up.toSorted((a, b) => a - b));
      assert.equal(await page.locator("table.cookies [aria-sort]").count(), 1);
      assert.match(await page.getByRole("status").textContent(), /^Sorted by .+, descending$/);
      await page.keyboard.press("Tab");
    }
    assert.deepEqual(said, []);
    await context.close();
  });
}

test.after(() => browser.close());
