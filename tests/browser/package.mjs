// The npm package: what is in it, what its types say of `window.placet`, and its module in Chromium.
//
//   node package.mjs FOLDER PACKAGE     the folder with `placet.mjs` and what it loads (`www/dist`), and the
//                                       package's own (`www`), with its tools installed;
//                                       the browser is $CHROMIUM, or `chromium` on the path
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { launch } from "./chromium.mjs";
import { startSite } from "./site.mjs";

const [folder, home] = process.argv.slice(2);
assert.ok(home, "found no package; expected: node package.mjs FOLDER PACKAGE");
const require = createRequire(path.resolve(home, "package.json"));
const site = await startSite(folder);
const browser = await launch();
after(async () => {
  await browser.close();
  site.close();
});

/** Opens a page that starts the module with settings; `from` is where its files are served. */
async function open(settings, { body = "", from = "/placet.mjs" } = {}) {
  const head = `<script type="module">
    import { start } from ${JSON.stringify(from)};
    window.started = start(${JSON.stringify(settings)});
  </script>`;
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(10_000);
  page.said = [];
  page.on("pageerror", (error) => page.said.push(String(error)));
  site.asked.length = 0;
  await page.goto(site.origin + site.add(body, { head }));
  await page.waitForFunction(() => window.placet);
  await page.evaluate(() => window.placet.ready);
  return page;
}
const press = (page, what) => page.locator(`placet-consent [data-do=${what}]`).click();

test("the module asks, gates, releases and takes back as the tag does", async () => {
  const page = await open(
    { policy: site.policy, layout: "box", privacy: "/privacy" },
    { body: `<script type="text/plain" data-placet="analytics">(window.ran ??= []).push("gated")</script><button data-placet-show>Choices</button>` },
  );
  assert.equal(await page.evaluate(() => window.started == window.placet), true);
  assert.equal(await page.locator("placet-consent").getAttribute("layout"), "box");
  await page.evaluate(() => (document.cookie = "_count=1; path=/"));
  assert.equal(await page.evaluate(() => document.cookie), "");
  await press(page, "granted");
  await page.waitForFunction(() => window.ran?.length == 1);
  await page.evaluate(() => (document.cookie = "_count=1; path=/"));
  assert.match(await page.evaluate(() => document.cookie), /_count=1/);
  await page.getByRole("button", { name: "Choices" }).click();
  await press(page, "refused");
  await page.waitForFunction(() => /^placet=[^;]*$/.test(document.cookie));
  assert.deepEqual(page.said, []);
});

test("the module reads a policy at an address, and starts once", async () => {
  const page = await open({ policy: "/policy.json" });
  await page.locator("placet-consent .first").waitFor();
  const again = await page.evaluate(async () => (await import("/placet.mjs")).start({ policy: "/none.json" }) == window.placet);
  assert.equal(again, true);
});

test("bundled into one script, the module finds its files in the folder it is told", async () => {
  const made = await mkdtemp(path.join(tmpdir(), "placet-package-"));
  try {
    const entry = path.join(made, "app.js");
    await writeFile(entry, `export { start } from ${JSON.stringify(path.resolve(folder, "placet.mjs"))};`);
    const { build } = require("esbuild");
    const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false, logLevel: "silent" });
    site.pages.set("/app/app.js", { markup: outputFiles[0].text, headers: { "content-type": "text/javascript" } });
  } finally {
    await rm(made, { recursive: true });
  }
  const page = await open({ policy: site.policy, files: "/" }, { from: "/app/app.js" });
  await page.locator("placet-consent .first").waitFor();
  const asked = site.asked.filter((one) => /\.(js|wasm)$/.test(one)).toSorted();
  assert.deepEqual(asked, ["/app/app.js", "/placet-compiler.js", "/placet-compiler.wasm"]);
});

test("every member of window.placet is in the types, and every member of the types is there", async () => {
  const page = await open({ policy: site.policy });
  const there = await page.evaluate(() => Object.keys(window.placet).toSorted());
  const ts = require("typescript");
  const file = path.resolve(home, "placet.d.ts");
  const source = ts.createSourceFile(file, await readFile(file, "utf8"), ts.ScriptTarget.Latest);
  const types = source.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text == "Placet");
  assert.deepEqual(types.members.map((member) => member.name.text).toSorted(), there);
});

test("the types compile, and what they forbid does not", () => {
  const run = spawnSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "types"], { cwd: home, encoding: "utf8" });
  assert.equal(run.status, 0, run.stdout);
});

test("the package has its types, builds and texts, and nothing that only makes them", () => {
  const run = spawnSync("npm", ["pack", "--dry-run", "--json"], { cwd: home, encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  const [{ files }] = JSON.parse(run.stdout);
  const names = files.map((file) => file.path).filter((name) => !/^dist\/locales\/[a-zA-Z-]+\.json$/.test(name));
  assert.ok(files.length - names.length > 30, "the texts of every language");
  assert.deepEqual(names.toSorted(), [
    ...["LICENSE", "README.md", "dist/built-with.json", "dist/placet-bridges.js", "dist/placet-choice.js"],
    ...["dist/placet-compiler-fallback.js", "dist/placet-compiler.js", "dist/placet-compiler.wasm", "dist/placet-declaration.js", "dist/placet-fallback.js", "dist/placet-languages.js"],
    ...["dist/placet-preferences.js", "dist/placet.js", "dist/placet.mjs", "dist/placet.wasm", "dist/sizes.json"],
    ...["package.json", "placet.d.ts"],
  ]);
  const { exports } = require("./package.json");
  const named = Object.values(exports).flatMap((one) => Object.values(typeof one == "string" ? { one } : one));
  for (const name of named.filter((name) => !name.includes("*"))) assert.ok(names.includes(name.slice(2)), name);
});
