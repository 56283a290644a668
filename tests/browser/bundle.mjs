// What `placet bundle` writes, in Chromium: one script that asks, gates and takes back with nothing loaded
// beside it, the same under a strict Content-Security-Policy, and a compiled policy for the script tag.
//
//   node bundle.mjs FOLDER COMMAND…     the folder with `placet.js` and what it loads (`www/dist`), and the
//                                       words that start `placet`; the browser is $CHROMIUM, or `chromium`
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { launch } from "./chromium.mjs";
import { startSite } from "./site.mjs";

const [folder, command, ...words] = process.argv.slice(2);
assert.ok(command, "found no command; expected: node bundle.mjs FOLDER COMMAND…");
const site = await startSite(folder);
const made = await mkdtemp(path.join(tmpdir(), "placet-bundle-"));
const policy = path.join(made, "placet.json");
await writeFile(policy, JSON.stringify(site.policy));

/** Runs `placet bundle`, and serves what it wrote. */
async function bundle(name, type, ...options) {
  const output = path.join(made, name);
  const run = spawnSync(command, [...words, "bundle", "--policy", policy, ...options, "-o", output], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  site.pages.set(`/made/${name}`, { markup: await readFile(output), headers: { "content-type": type } });
}
await bundle("placet.js", "text/javascript", "--langs", "en,de");
await bundle("placet.policy", "text/plain; charset=utf-8", "--compiled");
const fallback = await readFile(path.join(made, "placet-fallback.js"));
site.pages.set("/made/placet-fallback.js", { markup: fallback, headers: { "content-type": "text/javascript" } });

const browser = await launch();
after(async () => {
  await browser.close();
  site.close();
  await rm(made, { recursive: true });
});

const GATED = `
  <script type="text/plain" data-placet="analytics">(window.ran ??= []).push("gated")</script>
  <iframe title="film" data-placet="film" data-src="/any/frame"></iframe>`;

/** Opens a page with this tag, and gives what the script has asked for. */
async function open(tag, { lang = "en", headers = {} } = {}) {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(5_000);
  site.asked.length = 0;
  await page.goto(site.origin + site.add(GATED, { head: tag, lang, headers }));
  await page.evaluate(() => window.placet.ready);
  await page.locator("placet-consent .first").waitFor();
  return page;
}

const BUNDLED = `<script src="/made/placet.js"></script>`;
const COMPILED = `<script src="/placet.js" data-policy="/made/placet.policy"></script>`;
const INLINE = `<script type="text/plain" id="placet-policy">
  ${site.pages.get("/made/placet.policy").markup}
</script><script src="/placet.js"></script>`;
const STRICT = { "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'" };

for (const [name, tag, headers, engine, loaded] of [
  ["a bundle", BUNDLED, {}, "wasm", ["/made/placet.js"]],
  ["a bundle under a strict policy of the page", BUNDLED, STRICT, "js", ["/made/placet-fallback.js", "/made/placet.js"]],
  ["a compiled policy", COMPILED, {}, "wasm", ["/made/placet.policy", "/placet-choice.js", "/placet-preferences.js", "/placet.js"]],
  ["a compiled policy in the page", INLINE, {}, "wasm", ["/placet-choice.js", "/placet-preferences.js", "/placet.js"]],
]) {
  test(`${name}: shows the banner, gates, releases and takes back`, async () => {
    // Inline scripts run under no strict policy.
    const isInline = headers != STRICT;
    const page = await open(tag, { headers });
    assert.equal(await page.locator("html").getAttribute("data-placet-engine"), engine);
    await page.locator("placet-placeholder .placeholder").waitFor();
    const asked = site.asked.filter((one) => /placet/.test(one)).toSorted();
    assert.deepEqual(asked, loaded);
    await page.evaluate(() => (document.cookie = "_count=1"));
    assert.equal(await page.evaluate(() => document.cookie), "");
    assert.equal(await page.evaluate(() => window.ran), undefined);
    assert.equal(await page.locator("iframe").getAttribute("src"), null);

    await page.locator("placet-consent [data-do=show]").click();
    await page.locator("placet-consent dialog[open] summary").first().click();
    assert.match(await page.locator("placet-consent dialog").textContent(), /Counter Ltd.*_count\*.*13 months/s);
    await page.locator("placet-consent [data-do=granted]").click();
    await page.waitForFunction(() => window.placet.standing().made);
    if (isInline) await page.waitForFunction(() => window.ran?.length == 1);
    assert.equal(await page.locator("iframe").getAttribute("src"), "/any/frame");
    await page.evaluate(() => (document.cookie = "_count=1"));
    assert.match(await page.evaluate(() => document.cookie), /_count=1/);

    await page.evaluate(() => window.placet.withdraw());
    await page.waitForFunction(() => /^placet=[^;]*$/.test(document.cookie));
    assert.equal(await page.locator("iframe").getAttribute("src"), null);
  });
}

test("a script that the layer serves starts also where no region makes a difference, and asks for none", async () => {
  const bundle = await readFile(path.join(made, "placet.js"), "utf8");
  const served = bundle.replace("var bundle={", `var bundle={served:{region:false,tags:["en"]},`);
  assert.notEqual(served, bundle);
  site.pages.set("/made/served.js", { markup: served, headers: { "content-type": "text/javascript" } });
  await open(`<script src="/made/served.js"></script>`);
  assert.deepEqual(site.asked.filter((one) => /region/.test(one)), []);
});

test("an empty element for the policy is none, and what is no policy is said with where one was expected", async () => {
  const empty = `<script type="text/plain" id="placet-policy">\n</script>`;
  await open(empty + COMPILED);
  const page = await browser.newPage();
  for (const [head, says] of [
    [empty + `<script src="/placet.js" data-policy="/nowhere.policy"></script>`, /in #placet-policy before the tag, or at data-policy \(\/nowhere.policy\): /],
    [INLINE.replace("{", "&quot;"), /expected a policy in #placet-policy/],
  ]) {
    await page.goto(site.origin + site.add(GATED, { head }));
    assert.match(await page.evaluate(() => window.placet.ready.catch((error) => error.message)), says);
    await page.evaluate(() => (document.cookie = "_count=1"));
    assert.equal(await page.evaluate(() => window.ran), undefined);
    assert.deepEqual(await page.context().cookies(), []);
  }
});

test("a bundle whose engine cannot be read guards the page, and runs the one beside it", async () => {
  const bundle = await readFile(path.join(made, "placet.js"), "utf8");
  const broken = bundle.replace(`engine:"`, `engine:"?`);
  assert.notEqual(broken, bundle);
  site.pages.set("/made/broken.js", { markup: broken, headers: { "content-type": "text/javascript" } });
  const page = await open(`<script src="/made/broken.js"></script>`);
  assert.equal(await page.locator("html").getAttribute("data-placet-engine"), "js");
  await page.evaluate(() => (document.cookie = "_count=1"));
  assert.equal(await page.evaluate(() => document.cookie), "");
});

test("a bundle speaks the languages it was made with, and the first of them to everybody else", async () => {
  for (const [lang, says] of [["de", "Alle ablehnen"], ["fr", "Refuse all"]]) {
    const page = await open(BUNDLED, { lang });
    assert.equal(await page.locator("placet-consent [data-do=refused]").textContent(), says);
    assert.deepEqual(site.asked.filter((one) => /locales/.test(one)), []);
  }
});

for (const [name, tag, height, isEarly] of [
  ["a bundle", BUNDLED, "higher than the window", true],
  ["a bundle", BUNDLED, "not yet higher than the window", false],
  ["a compiled policy in the page", INLINE, "higher than the window", true],
  ["a compiled policy in the page", INLINE, "not yet higher than the window", false],
]) {
  test(`${name}: while a page is loading that is ${height}, the banner ${isEarly ? "is there" : "waits, as a scroll bar would move it"}`, async () => {
    const words = "<p>Words of the page.</p>".repeat(60);
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(5_000);
    await page.addInitScript(() => {
      window.shifts = [];
      new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(({ value }) => value))).observe({ type: "layout-shift", buffered: true });
    });
    const late = `<script src="/run/late.js?delay=1000"></script><script>window.before = !!document.querySelector("placet-consent")</script>`;
    const body = isEarly ? words + late : late + words;
    await page.goto(site.origin + site.add(body, { head: tag }));
    await page.locator("placet-consent .first").waitFor();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
    assert.deepEqual(await page.evaluate(() => [window.ran, window.before, window.shifts]), [["late"], isEarly, []]);
    assert.equal(await page.locator("placet-consent").count(), 1);
  });
}
