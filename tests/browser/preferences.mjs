// Opens the preferences page in Chromium as a visitor would: light, dark, printed, in forced
// colours, right to left, narrow, in every language, by keyboard alone and without JavaScript.
// Fails on any violation axe finds, on anything the console says (the page runs under its own
// Content-Security-Policy), and when a form does not say what was chosen.
//
//   node preferences.mjs FOLDER         what the example `preferences-page` wrote;
//                                       the browser is $CHROMIUM, or `chromium` on the path
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";

const [folder] = process.argv.slice(2);
assert.ok(folder, "found no folder; expected: node preferences.mjs FOLDER");
const files = (await readdir(folder)).filter((file) => file.endsWith(".html")).toSorted();
const languages = files.filter((file) => file.startsWith("new.")).map((file) => file.split(".")[1]);
// Not one language is missing of those that there are texts in.
const locales = await readdir(new URL("../../crates/placet-texts/locales/", import.meta.url));
assert.deepEqual(languages.toSorted(), locales.map((file) => path.basename(file, ".json")).toSorted());
const policy = (await readFile(path.join(folder, "content-security-policy.txt"), "utf8")).trim();
const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

// What the forms posted, the latest last.
const posted = [];
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const type = pathname.endsWith(".css") ? "text/css" : "text/html; charset=utf-8";
  const headers = { "content-type": type, "content-security-policy": policy };
  if (request.method === "POST") {
    let body = "";
    for await (const part of request) body += part;
    posted.push({ address: request.url, type: request.headers["content-type"], fields: [...new URLSearchParams(body)] });
    response.writeHead(200, headers).end(await readFile(path.join(folder, "saved.en.html")));
    return;
  }
  const file = await readFile(path.join(folder, path.basename(pathname))).catch(() => undefined);
  response.writeHead(file ? 200 : 404, headers).end(file);
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await launch();

const wide = { width: 1100, height: 900 };
const narrow = { width: 320, height: 640 };
const looks = {
  light: { viewport: wide, colorScheme: "light" },
  dark: { viewport: wide, colorScheme: "dark" },
  printed: { viewport: wide, colorScheme: "dark", media: { media: "print" } },
  "in forced colours": { viewport: wide, colorScheme: "dark", media: { forcedColors: "active" } },
  "narrow, motion reduced": { viewport: narrow, colorScheme: "light", reducedMotion: "reduce" },
  "narrow and dark": { viewport: narrow, colorScheme: "dark" },
};

/** Opens a page; `said` gathers what it tells the console. */
async function open(file, { media, ...options }) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  if (media) await page.emulateMedia(media);
  await page.goto(`${origin}/${file}`);
  return { context, page, said };
}

/** Asserts that nothing reaches out of the window, with all details open. */
async function assertFits(page) {
  await page.locator("details").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px wider than the window`);
}

/** Asserts that axe finds nothing. */
async function assertAccessible(page) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document));
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((n) => n.html).join("\n  ")}`);
  assert.deepEqual(found, []);
  assert.ok(passes.length > 10, `axe looked at ${passes.length} rules only`);
}

// Every state light and dark, and two of them in every look.
const everyState = files.filter((file) => file.endsWith(".en.html"));
const inEveryLook = ["saved.en.html", "granted-over-signal.ar.html", "receipts.en.html", "receipts.ar.html"];
for (const file of new Set([...everyState, ...inEveryLook])) {
  for (const [look, options] of Object.entries(looks)) {
    if (!inEveryLook.includes(file) && !["light", "dark"].includes(look)) continue;
    test(`${file} is accessible: ${look}`, async () => {
      const { context, page, said } = await open(file, options);
      await assertFits(page);
      await assertAccessible(page);
      assert.deepEqual(said, []);
      await context.close();
    });
  }
}

for (const language of languages) {
  test(`the page in ${language} fits on a narrow screen, and says how it is read`, async () => {
    const { context, page } = await open(`signals.${language}.html`, looks["narrow, motion reduced"]);
    await assertFits(page);
    const { lang, dir } = await page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir }));
    assert.equal(lang, language);
    assert.equal(dir, ["ar", "he"].includes(language) ? "rtl" : "ltr");
    await context.close();
  });
}

for (const [look, options] of Object.entries(looks).filter(([look]) => look !== "printed")) {
  test(`the three buttons look alike: ${look}`, async () => {
    const { context, page } = await open("new.de.html", options);
    const buttons = await page.locator(".placet-button").evaluateAll((all) =>
      all.map((button) => {
        const style = getComputedStyle(button);
        const { width, height } = button.getBoundingClientRect();
        return {
          size: [Math.round(width), Math.round(height)],
          look: ["color", "backgroundColor", "borderColor", "fontSize", "fontWeight", "opacity"].map((name) => style[name]),
        };
      }));
    assert.equal(buttons.length, 3);
    for (const button of buttons) assert.deepEqual(button, buttons[0]);
    assert.ok(buttons[0].size[1] >= 44, "large enough for a finger");
    await context.close();
  });
}

/** Presses Tab until the focus is on what `selector` finds. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    if ((await focused.count()) === 1 && (await focused.evaluate((element, wanted) => element.matches(wanted), selector))) {
      const inSight = await focused.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
      });
      assert.ok(inSight, `${selector} is covered while it has the focus`);
      return;
    }
  }
  assert.fail(`Tab does not reach ${selector}`);
}

/** Opens the page of a new visitor without JavaScript, and hands over what `act` makes it post. */
async function post(act, file = "new.en.html") {
  const { context, page, said } = await open(file, { ...looks.light, viewport: { width: 900, height: 700 }, javaScriptEnabled: false });
  const before = posted.length;
  await act(page);
  await page.waitForURL(/\/choice/);
  assert.match(await page.getByRole("status").textContent(), /saved/);
  assert.deepEqual(said, []);
  await context.close();
  assert.equal(posted.length, before + 1);
  const { address, type, fields } = posted.at(-1);
  assert.equal(type, "application/x-www-form-urlencoded");
  return { address, fields: Object.fromEntries(fields) };
}

const always = { how: "page", return: "/basket?step=2" };

test("a selection is made and saved by keyboard alone", async () => {
  const { address, fields } = await post(async (page) => {
    // With nothing ticked Tab goes to the first answer of a group, and arrows move between the two.
    await tabTo(page, "[name='category.functional']");
    await page.keyboard.press("Space");
    await tabTo(page, "[name='category.analytics']");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await tabTo(page, "[name='category.marketing']");
    await page.keyboard.press("Space");
    await tabTo(page, ".placet-button:last-child");
    await page.keyboard.press("Enter");
  });
  assert.equal(address, "/.placet/choice?lang=en");
  assert.deepEqual(fields, {
    ...always,
    "category.functional": "refused",
    "category.analytics": "granted",
    "category.marketing": "refused",
  });
});

for (const [number, said] of [[1, "refused"], [2, "granted"]]) {
  test(`button ${number} says ${said} of all, by keyboard, whatever is ticked`, async () => {
    const { fields } = await post(async (page) => {
      await tabTo(page, "[name='category.functional']");
      await page.keyboard.press("Space");
      await tabTo(page, `.placet-button:nth-child(${number})`);
      await page.keyboard.press("Enter");
    });
    assert.deepEqual(fields, { ...always, all: said });
  });
}

test("Enter in an answer saves the selection and presses no other button", async () => {
  const { fields } = await post(async (page) => {
    await tabTo(page, "[name='category.analytics']");
    await page.keyboard.press("Enter");
  }, "saved.en.html");
  assert.deepEqual(fields, {
    ...always,
    "category.functional": "refused",
    "category.analytics": "granted",
    "category.marketing": "refused",
  });
});

test("a selection without an answer for each is not sent", async () => {
  const { context, page } = await open("new.en.html", { ...looks.light, javaScriptEnabled: false });
  const before = posted.length;
  await tabTo(page, "[name='category.functional']");
  await page.keyboard.press("Space");
  await tabTo(page, ".placet-button:last-child");
  await page.keyboard.press("Enter");
  await page.locator("[name='category.analytics']:focus").first().waitFor();
  assert.equal(posted.length, before);
  await context.close();
});

test("the cookies are shown by keyboard, without JavaScript", async () => {
  const { context, page } = await open("new.en.html", { ...looks.light, javaScriptEnabled: false });
  const table = page.locator(".placet-cookies").first();
  assert.equal(await table.isVisible(), false);
  await tabTo(page, ".placet-services summary");
  await page.keyboard.press("Enter");
  await table.waitFor({ state: "visible" });
  await context.close();
});

test.after(async () => {
  await browser.close();
  server.close();
  server.closeAllConnections();
});
