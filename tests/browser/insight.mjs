// Opens summaries of a ledger in Chromium as a reader would: light, dark, printed, right to left, narrow, with forced
// colours, with motion reduced. Fails on any violation axe finds, on anything a page asks the network for, on anything
// the console says, on a chart without a name, and on a table that cannot be scrolled by keyboard.
//
//   node insight.mjs FOLDER        every page in the folder; the browser is $CHROMIUM, or Debian's
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { assertAccessible, browser, looks, open } from "./file.mjs";

const [folder] = process.argv.slice(2);
assert.ok(folder, "found no folder; expected: node insight.mjs FOLDER");
const files = (await readdir(folder)).filter((name) => name.endsWith(".html")).sort();
assert.ok(files.length > 0, `found no page in ${folder}`);

for (const file of files) {
  for (const [look, options] of Object.entries(looks)) {
    test(`${file} is accessible: ${look}`, () => assertAccessible(path.join(folder, file), options));
  }
}

test("many.html names its charts, and its style is in force under its own policy", async () => {
  const { context, page, said } = await open(path.join(folder, "many.html"), looks.light);
  const width = await page.evaluate(() => getComputedStyle(document.body).maxInlineSize);
  assert.notEqual(width, "none", "the style is in force");
  const charts = page.getByRole("img");
  const rows = await page.locator("table.granted").first().locator("tbody tr").count();
  assert.equal(await charts.count(), 1 + rows, "choices, and each category");
  for (const chart of await charts.all()) {
    const { width, height } = await chart.boundingBox();
    assert.ok(width > 250 && height > 80, `${width} x ${height}`);
  }
  assert.equal(await page.getByRole("img", { name: /^Choices per week Most in the week from \d{4}-\d\d-\d\d: / }).count(), 1);
  assert.equal(await page.getByRole("img", { name: /^Share that granted analytics, per week / }).count(), 1);
  assert.deepEqual(said, []);
  await context.close();
});

test("many.html is scrolled by keyboard, and has the numbers of its charts in a table", async () => {
  const { context, page } = await open(path.join(folder, "many.html"), looks["narrow with reduced motion"]);
  const table = page.getByRole("region", { name: "The numbers of these charts" });
  await table.focus();
  assert.equal(await table.evaluate((region) => region.scrollLeft + region.scrollTop), 0);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.waitForFunction((region) => region.scrollTop > 0, await table.elementHandle());
  const bars = await page.locator("svg.bars[role=img] rect").count();
  const zeros = await table.locator("tbody tr > :nth-child(2)").evaluateAll((cells) => cells.filter((cell) => cell.textContent === "0").length);
  assert.equal(await table.locator("tbody tr").count(), bars + zeros);
  await context.close();
});

test("few.html withholds in its charts what its table withholds", async () => {
  const { context, page } = await open(path.join(folder, "few.html"), looks.light);
  const cells = page.locator("table.periods tbody tr > :nth-child(2)");
  const withheld = await cells.evaluateAll((all) => all.filter((cell) => cell.textContent === "withheld").length);
  assert.ok(withheld > 1, `${withheld} withheld`);
  assert.equal(await page.locator("svg.bars[role=img] rect.withheld").count(), withheld);
  await context.close();
});

test.after(() => browser.close());
