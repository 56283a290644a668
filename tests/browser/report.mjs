// Opens audit reports in Chromium as a reader would: light, dark, printed, right to left, narrow,
// with motion reduced. Fails on any violation axe finds, on anything a page asks the network for,
// on anything the console says, and when the table of the first page does not sort by keyboard.
//
//   node report.mjs FILE.html...        the browser is $CHROMIUM, or `chromium` on the path
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { assertAccessible, browser, looks, open } from "./file.mjs";

const files = process.argv.slice(2);
assert.ok(files.length > 0, "found no file; expected: node report.mjs FILE.html...");
const version = Number(process.versions.node.split(".")[0]);
assert.ok(version >= 20, `found Node.js ${process.versions.node}, expected 20 or later`);

for (const [number, file] of files.entries()) {
  const name = path.basename(file);
  for (const [look, options] of Object.entries(looks)) {
    test(`${name} is accessible: ${look}`, () => assertAccessible(file, options));
  }

  // One page with a table is enough to try its script on, and that is the first.
  if (number > 0) continue;
  test(`${name} sorts by keyboard under its own policy`, async () => {
    const { context, page, said } = await open(file, looks.light);
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
