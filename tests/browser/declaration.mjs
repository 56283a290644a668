// Opens pages with the cookie declaration as a visitor would: in Chromium light, dark, printed, in forced colours, right
// to left, narrow, in every language and without JavaScript; and in three browsers on a page with the script tag, where it
// shows what the visitor has chosen, and leads back to the choice by keyboard. Fails on any violation axe finds, and on
// anything the console says under a strict Content-Security-Policy.
//
//   node declaration.mjs FOLDER DIST COMMAND...
//                                       what the example `declaration-pages` wrote, the folder with `placet.js` and what
//                                       it loads (`www/dist`), and the words that `placet` is started with;
//                                       screenshots go to `target/browser/looks`
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Key } from "selenium-webdriver";
import { arrive, isShown, press } from "./banner.mjs";
import { engines, visit } from "./browsers.mjs";
import { launch } from "./chromium.mjs";
import { poll } from "./program.mjs";
import { startSite } from "./site.mjs";

const [folder, dist, program, ...words] = process.argv.slice(2);
assert.ok(program, "expected: node declaration.mjs FOLDER DIST COMMAND...");
const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const pictures = fileURLToPath(new URL("../../target/browser/looks", import.meta.url));
await mkdir(pictures, { recursive: true });

const site = await startSite(dist);
const STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'";
const read = (name) => readFile(path.join(folder, name), "utf8");
const style = { "content-type": "text/css" };
for (const name of ["page.css", "placet-declaration.css"]) site.pages.set(`/${name}`, { markup: await read(name), headers: style });
const languages = (await readdir(folder)).filter((name) => name.endsWith(".html")).map((name) => path.basename(name, ".html"));
// Not one language is missing of those that there are texts in.
const locales = await readdir(new URL("../../crates/placet-texts/locales/", import.meta.url));
assert.deepEqual(languages.toSorted(), locales.map((file) => path.basename(file, ".json")).toSorted());
for (const language of languages) {
  site.pages.set(`/${language}.html`, { markup: await read(`${language}.html`), headers: { "content-security-policy": STRICT } });
}

const browser = await launch();
after(async () => {
  await browser.close();
  site.close();
});

const wide = { viewport: { width: 1100, height: 900 }, colorScheme: "light" };
const narrow = { viewport: { width: 320, height: 640 }, colorScheme: "light", reducedMotion: "reduce" };
const looks = {
  light: wide,
  dark: { ...wide, colorScheme: "dark" },
  "in forced colours": { ...wide, forcedColors: "active" },
  printed: { ...wide, media: "print" },
  narrow,
  "narrow and dark": { ...narrow, colorScheme: "dark" },
};

/** Opens a page; `said` gathers what it tells the console. */
async function open(pathname, { media, ...options }, act) {
  const context = await browser.newContext({ ...options, bypassCSP: false });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  if (media) await page.emulateMedia({ media });
  await page.goto(site.origin + pathname);
  await act(page);
  assert.deepEqual(said, []);
  await context.close();
}

/** Asserts that nothing reaches out of the window. */
async function assertFits(page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px wider than the window`);
}

/** Asserts that axe finds nothing, and that all fits. */
async function assertAccessible(page) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document));
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((n) => n.html).join("\n  ")}`);
  assert.deepEqual(found, []);
  assert.ok(passes.length > 10, `axe looked at ${passes.length} rules only`);
  await assertFits(page);
}

for (const language of ["en", "ar"]) {
  for (const [look, options] of Object.entries(looks)) {
    test(`the declaration in ${language} is accessible: ${look}`, () => open(`/${language}.html`, options, async (page) => {
      await page.screenshot({ path: path.join(pictures, `declaration ${language} ${look}.png`), fullPage: true });
      await assertAccessible(page);
    }));
  }
}

for (const language of languages) {
  test(`the declaration in ${language} fits on a narrow screen, and says how it is read`, () => open(`/${language}.html`, narrow, async (page) => {
    await assertFits(page);
    const section = page.locator("[data-placet-declaration]");
    assert.equal(await section.evaluate((found) => getComputedStyle(found).direction), ["ar", "he"].includes(language) ? "rtl" : "ltr");
    // Each cell says which column it is of, where the columns are gone.
    const labels = await section.locator("td").evaluateAll((all) => all.map((cell) => getComputedStyle(cell, "::before").content));
    assert.ok(labels.length > 50 && labels.every((label) => label.length > 4), String(labels.slice(0, 4)));
  }));
}

test("tables are tables to those who hear them, narrow or wide", async () => {
  for (const options of [wide, narrow]) {
    await open("/en.html", options, async (page) => {
      const table = page.getByRole("table", { name: "Cookies and other stored data – Google Analytics" });
      const heads = await table.getByRole("columnheader").allTextContents();
      assert.deepEqual(heads, ["Name", "Kind", "Purpose", "Kept"]);
      assert.equal(await table.getByRole("rowheader").count(), await table.getByRole("row").count() - 1);
      assert.equal(await table.getByRole("row", { name: /_ga_\*.+Keeps the state.+400 days/ }).count(), 1);
    });
  }
});

test("without JavaScript a link leads to the preferences, and nothing is said of what was chosen", () =>
  open("/en.html", { ...wide, javaScriptEnabled: false }, async (page) => {
    const link = page.getByRole("link", { name: "Privacy choices" });
    assert.equal(await link.getAttribute("href"), "/.placet/preferences");
    assert.ok(await link.isVisible());
    assert.equal(await page.getByRole("button").count(), 0);
    assert.equal(await page.locator("[data-category]:visible").count(), 0);
  }));

/** The declaration of a policy, as `placet declare` writes it. */
async function declare(policy, ...more) {
  const temporary = await mkdtemp(path.join(tmpdir(), "placet-declaration-"));
  try {
    const file = path.join(temporary, "placet.json");
    await writeFile(file, JSON.stringify(policy));
    return (await promisify(execFile)(program, [...words, "declare", "--policy", file, ...more])).stdout;
  } finally {
    await rm(temporary, { recursive: true });
  }
}

const fragment = await declare(site.policy);
const link = `<link rel="stylesheet" href="/page.css"><link rel="stylesheet" href="/placet-declaration.css">`;
const script = `<script src="/placet-declaration.js" defer></script>`;
const tag = `<script src="/placet.js" data-policy="/policy.json"></script>`;
const live = (head = tag + script, body = fragment) =>
  site.origin + site.add(body, { head: `<meta name="viewport" content="width=device-width">${link}${head}`, headers: { "content-security-policy": STRICT } });

/** What the page says of what was chosen. */
const told = (browser) => browser.run(() => {
  const part = document.querySelector("[data-placet-status]");
  const shown = Array.from(part.querySelectorAll("p, li"), (one) => one.checkVisibility() && one.textContent.trim());
  return shown.filter(Boolean);
});
/** Waits until it says this. */
const tells = async (browser, expected) =>
  assert.deepEqual(await poll(() => told(browser), (found) => JSON.stringify(found) == JSON.stringify(expected)), expected);
const states = (analytics, marketing = analytics) => ["Necessary: Always on", `Statistics: ${analytics}`, `Advertising: ${marketing}`];

for (const engine of engines) {
  const rule = (says, options, act) => test(`${engine}: ${says}`, () => visit(engine, options, act));

  rule("the declaration shows what was chosen, and leads back to the choice by keyboard", {}, async (browser) => {
    await arrive(browser, live());
    await tells(browser, ["You have not chosen yet.", ...states("Off until you allow it"), "Privacy choices"]);
    await press(browser, "refused");
    await tells(browser, [...states("Refused by you"), "Privacy choices"]);
    const isThere = () => browser.run(() => document.activeElement?.matches("[data-placet-status] button") ?? false);
    const { driver } = browser;
    for (let count = 0; !(await isThere()); count += 1) {
      assert.ok(count < 30, "the button is not reached with the tabulator");
      await driver.actions().sendKeys(Key.TAB).perform();
    }
    await driver.actions().sendKeys(Key.ENTER).perform();
    await isShown(browser, "preferences");
    await browser.run(() => void window.placet.choose({ analytics: true }));
    await tells(browser, [...states("Allowed by you", "Refused by you"), "Privacy choices"]);
    await driver.actions().sendKeys(Key.ESCAPE).perform();
    await browser.assertAccessible();
    await browser.screenshot(path.join(pictures, `declaration ${engine} live.png`));
    // The page has its own way back, so that the script needs none.
    assert.equal(await browser.run(() => document.querySelectorAll("[data-placet-show]").length), 1);
  });

  rule("the declaration shows nothing of a choice where no engine runs", {}, async (browser) => {
    await browser.go(live(script));
    assert.deepEqual(await told(browser), []);
    await browser.go(live(`<script src="/placet.js" data-policy="/nowhere.json"></script>${script}`));
    await browser.driver.executeAsyncScript((done) => window.placet.ready.then(done, () => done()));
    assert.deepEqual(await told(browser), []);
  });

  rule("the declaration fills itself where the script tag comes behind it, and only what the page's policy knows", {}, async (browser) => {
    const more = structuredClone(site.policy);
    more.services.push({ id: "map", category: "functional" });
    await arrive(browser, live("", `${await declare(more)}${script}${tag}`));
    await tells(browser, ["You have not chosen yet.", "Necessary: Always on", "Preferences: Off until you allow it", ...states("Off until you allow it").slice(1), "Privacy choices"]);
  });
}

test("firefox: the declaration says which signals the browser sends, and what they refuse", () =>
  visit("firefox", { gpc: true, dnt: true }, async (browser) => {
    const ignoring = { ...site.policy, signals: { dnt: "ignored" } };
    site.pages.set("/ignoring.json", { markup: JSON.stringify(ignoring), headers: { "content-type": "application/json" } });
    const address = live(`<script src="/placet.js" data-policy="/ignoring.json"></script>${script}`, await declare(ignoring));
    await arrive(browser, address);
    await tells(browser, [
      "You have not chosen yet.",
      "Your browser sends the signal “Global Privacy Control”: do not sell or share my data.",
      "Your browser sends the signal “Do Not Track”: do not follow me. This site does not respond to it.",
      ...states("Off until you allow it", "Refused by your browser"),
      "Privacy choices",
    ]);
  }));
