// Looks at `placet demo` in Chromium as a visitor would: with and without JavaScript, light, dark,
// narrow, with signals and without. Fails on any violation axe finds, on anything the console says,
// on any request to elsewhere, and when the browser keeps what the layer should have stopped.
//
//   node demo.mjs COMMAND...            what starts `placet`, for example target/debug/placet;
//                                       the browser is $CHROMIUM, or `chromium` on the path
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";

const [program, ...before] = process.argv.slice(2);
assert.ok(program, "found no command; expected: node demo.mjs COMMAND...");
const demo = spawn(program, [...before, "demo", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
const [origin] = await once(createInterface(demo.stdout), "line");
assert.match(origin, /^http:\/\/127\.0\.0\.1:\d+\/$/);

const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const browser = await launch();

const wide = { viewport: { width: 1280, height: 900 }, colorScheme: "light" };
const looks = {
  light: wide,
  dark: { ...wide, colorScheme: "dark" },
  "in forced colours": { ...wide, forcedColors: "active" },
  narrow: { viewport: { width: 320, height: 640 }, colorScheme: "light", reducedMotion: "reduce" },
  "narrow and dark": { viewport: { width: 320, height: 640 }, colorScheme: "dark" },
};

const necessary = ["placet_demo", "session"];
const fromServer = ["__gads", "_ga", "_gcl_au", "language"];
const fromPage = ["_fbp", "_ga_T1DEC0DE", "_pk_id.1.4b1d", "_pk_ses.1.4b1d"];

/** A visitor with an empty browser; `said` gathers what the console says and requests to elsewhere. */
async function visit(options, act) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const said = [];
  // The script tag says which engine runs.
  const isExpected = (message) =>
    message.location().url === `${origin}nowhere` || message.text() == "placet: the engine runs as wasm";
  page.on("console", (message) => isExpected(message) || said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => request.url().startsWith(origin) || said.push(`asked for ${request.url()}`));
  await page.goto(origin);
  await act(page, context);
  assert.deepEqual(said, []);
  await context.close();
}

/** The names of what the browser keeps, HttpOnly or not. */
async function jar(context) {
  return (await context.cookies()).map(({ name }) => name).toSorted();
}

/** An entry of the panel by its heading, the latest of several. */
const entry = (page, heading) => page.locator(".entry", { has: page.getByRole("heading", { name: heading }) }).first();
const group = (entry, words) => entry.locator(".group", { has: entry.page().getByText(words, { exact: true }) });
const names = (group) => group.locator("code").allTextContents().then((all) => all.toSorted());
const decision = (page, category) => page.getByRole("row", { name: category }).locator(".decision");
/** Presses a button of the panel. */
const press = async (page, name) => {
  await Promise.all([page.waitForNavigation(), page.locator("#panel").getByRole("button", { name }).click()]);
};
/** The banner, the note or the way back, whichever is there. */
const banner = (page) => page.locator("placet-consent");
/** Presses a button of the banner, and waits until the panel tells what the layer did with the choice. */
const answer = async (page, name, what) => {
  await banner(page).getByRole("button", { name }).click();
  const told = group(entry(page, "POST /.placet/choice"), what);
  await told.waitFor();
  return names(told);
};

/** Waits until the script has run and its request is told. */
const settled = (page) => entry(page, "GET /count").waitFor();

async function assertAccessible(page, where) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document));
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((n) => n.html).join("\n  ")}`);
  assert.deepEqual(found, [], where);
  assert.ok(passes.length > 10, `axe looked at ${passes.length} rules only`);
}

for (const [look, options] of Object.entries(looks)) {
  test(`the demo is accessible: ${look}`, () => visit(options, async (page) => {
    await settled(page);
    await banner(page).getByRole("region").waitFor();
    await assertAccessible(page, "with the banner");
    await press(page, "Global Privacy Control");
    await press(page, "Accept all");
    await settled(page);
    await press(page, "Refuse all");
    for (const path of look === "light" ? ["", "storm-glass", "cookies", "nowhere"] : ["", "cookies"]) {
      await page.goto(origin + path);
      await assertAccessible(page, path);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the window`);
    }
  }));
}

/** What an earlier visit has left behind, before there was a layer. */
const leftBehind = (context) => context.addCookies(fromPage.map((name) => ({ name, value: "1", url: origin })));

test("before a choice nothing but the necessary is set, by server or page, and what is there stays away from it", () =>
  visit(wide, async (page, context) => {
    await banner(page).getByRole("region").waitFor();
    await settled(page);
    assert.deepEqual(await jar(context), necessary);
    const written = group(entry(page, "document.cookie"), "not written in your browser");
    assert.deepEqual(await names(written), ["_fbp", "_ga_T1DEC0DE"]);
    assert.match(await written.textContent(), /nothing was chosen/);
    assert.deepEqual(await page.evaluate(() => performance.getEntriesByName(`${location.origin}/demo/counter.js`).length), 0);

    await leftBehind(context);
    await page.goto(origin);
    await settled(page);
    assert.deepEqual(await jar(context), [...necessary, ...fromPage].toSorted(), "undecided is not removed");
    const first = page.locator(".entry", { has: page.getByRole("heading", { name: /^GET \/ \d/ }) }).last();
    assert.deepEqual(await names(group(first, "set in your browser")), ["session"]);
    assert.deepEqual(await names(group(first, "not set in your browser")), [...fromServer, "visit_source"].toSorted());
    const count = entry(page, "GET /count");
    assert.deepEqual(await names(group(count, "reached the site")), necessary);
    assert.deepEqual(await names(group(count, "kept from the site")), fromPage);
    await page.goto(`${origin}vane`);
    const known = await page.getByRole("region", { name: "What the museum’s code got to see" }).locator("code").allTextContents();
    assert.deepEqual(known.toSorted(), necessary);
  }));

test("the declaration of the museum shows what was chosen, and leads back to the choice", () =>
  visit(wide, async (page) => {
    await settled(page);
    await press(page, "Refuse all");
    await page.goto(`${origin}cookies`);
    const status = page.locator("[data-placet-status]");
    await status.getByText("Statistics: Refused by you").waitFor();
    await page.getByRole("table", { name: /Google Analytics/ }).getByRole("row", { name: /_ga / }).waitFor();
    await status.getByRole("button").click();
    await banner(page).locator(".preferences").waitFor();
  }));

test("a grant lets all that is declared pass, and its withdrawal removes it from the browser", () =>
  visit(wide, async (page, context) => {
    await settled(page);
    await press(page, "Accept all");
    assert.equal(await decision(page, "marketing").textContent(), "granted");
    await group(entry(page, "document.cookie"), "written in your browser").waitFor();
    await page.waitForFunction(() => document.cookie.includes("_pk_ses") && document.cookie.includes("_fbp"));
    assert.deepEqual(await jar(context), ["placet", ...necessary, ...fromServer, ...fromPage].toSorted());
    await press(page, "Refuse all");
    assert.equal(await decision(page, "analytics").textContent(), "refused");
    assert.deepEqual(await jar(context), ["placet", ...necessary].toSorted());
    const removed = await names(group(entry(page, "POST /.placet/choice"), "removed from your browser"));
    assert.deepEqual(removed, [...fromServer, ...fromPage].toSorted());

    // A script may try again, and is not let; what came past it, the next answer takes away.
    await page.getByRole("button", { name: "Set the cookies again" }).click();
    const written = group(entry(page, "document.cookie"), "not written in your browser");
    await written.locator("code").nth(3).waitFor();
    assert.deepEqual(await names(written), fromPage);
    assert.deepEqual(await jar(context), ["placet", ...necessary].toSorted());
    await leftBehind(context);
    await page.evaluate(() => fetch("/count"));
    await group(entry(page, "GET /count"), "removed from your browser").waitFor();
    assert.deepEqual(await jar(context), ["placet", ...necessary].toSorted());
  }));

test("the banner's answer holds in the page at once, reaches the layer by itself, and its refusal removes what no script can", () =>
  visit(wide, async (page, context) => {
    await settled(page);
    // The layer's cookie takes the place of the script's.
    assert.deepEqual(await answer(page, "Accept all", "set in your browser"), ["placet"]);
    await group(entry(page, "document.cookie"), "written in your browser").waitFor();
    await page.locator(".decision", { hasText: "granted" }).nth(3).waitFor();
    assert.equal(page.url(), origin);

    await page.goto(`${origin}vane`);
    const ofServer = (await context.cookies()).find(({ name }) => name == "__gads");
    assert.ok(ofServer.httpOnly);
    assert.equal(await page.evaluate(() => document.cookie.includes("__gads")), false);
    await settled(page);
    await banner(page).getByRole("button", { name: "Privacy choices" }).click();
    await banner(page).getByRole("button", { name: "Refuse all" }).click();
    // The first answer to a request with the refusal removes it: to the choice, or to what the page asks next.
    const removed = page.locator(".group", { has: page.getByText("removed from your browser", { exact: true }) });
    await removed.locator("code", { hasText: /^__gads$/ }).first().waitFor();
    const left = ["placet", ...necessary].toSorted().join();
    for (let tries = 0; tries < 100 && (await jar(context)).join() != left; tries++) await page.waitForTimeout(100);
    assert.equal((await jar(context)).join(), left);
    await page.locator(".decision", { hasText: "refused" }).nth(2).waitFor();
  }));

test("where nothing waits for a choice the banner does not ask, and the page is told the region", () =>
  visit(wide, async (page) => {
    await banner(page).getByRole("region").waitFor();
    await page.getByLabel("You are in").selectOption("Wyoming");
    await press(page, "Go there");
    await banner(page).getByRole("button", { name: "Privacy choices" }).waitFor();
    assert.equal(await banner(page).getByRole("region").count(), 0);
    await group(entry(page, "document.cookie"), "written in your browser").waitFor();
    assert.equal(await page.evaluate(() => window.placet.allows("marketing")), true);
  }));

test("what the script needs beside it the layer has: another language, and the engine for a page that forbids WebAssembly", async () => {
  const context = await browser.newContext(wide);
  const page = await context.newPage();
  await page.route(origin, async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    headers["content-security-policy"] = headers["content-security-policy"].replace(" 'wasm-unsafe-eval'", "");
    await route.fulfill({ response, headers, body: (await response.text()).replace('<html lang="en">', '<html lang="de">') });
  });
  await page.goto(origin);
  await answer(page, "Alle ablehnen", "set in your browser");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.placetEngine), "js");
  await context.close();
});

test("Global Privacy Control refuses marketing, and analytics may still be granted", () =>
  visit(wide, async (page, context) => {
    await leftBehind(context);
    await page.goto(origin);
    await settled(page);
    await press(page, "Global Privacy Control");
    const toggle = page.getByRole("button", { name: "Global Privacy Control" });
    assert.equal(await toggle.getAttribute("aria-pressed"), "true");
    assert.equal(await decision(page, "marketing").textContent(), "refused");
    await page.locator("#panel").getByText("Opt-out request honoured").waitFor();
    assert.ok(!(await jar(context)).includes("_fbp"), "what the signal refuses is removed");
    assert.equal(await page.evaluate(() => window.placet.standing().categories.marketing.reason), "gpc");
    await press(page, "Accept all");
    assert.equal(await decision(page, "marketing").textContent(), "refused");
    const kept = await jar(context);
    assert.ok(kept.includes("_ga") && !kept.includes("_gcl_au"), kept.join());
    await press(page, "Global Privacy Control");
    assert.equal(await toggle.getAttribute("aria-pressed"), "false");
  }));

test("a signal that the browser sends by itself is seen, and its toggle says so", () =>
  visit({ ...wide, extraHTTPHeaders: { "Sec-GPC": "1" } }, async (page) => {
    const toggle = page.getByRole("button", { name: "Global Privacy Control" });
    assert.ok(await toggle.isDisabled());
    assert.match(await toggle.textContent(), /sent by your browser/);
    assert.equal(await decision(page, "marketing").textContent(), "refused");
  }));

test("another region has another regime", () =>
  visit(wide, async (page, context) => {
    await page.getByLabel("You are in").selectOption("Wyoming");
    await press(page, "Go there");
    assert.equal(await decision(page, "marketing").textContent(), "granted");
    assert.ok((await jar(context)).includes("_ga"));
  }));

test("the panel hears of what happens elsewhere in the same browser", () =>
  visit(wide, async (page, context) => {
    await settled(page);
    const other = await context.newPage();
    await other.goto(`${origin}rain-gauge`);
    await entry(page, "GET /rain-gauge").waitFor();
    await press(other, "Accept all");
    await page.locator(".decision", { hasText: "granted" }).nth(3).waitFor();
    assert.equal(await decision(page, "marketing").textContent(), "granted");
  }));

test("without JavaScript everything works, and the panel tells of the last page", () =>
  visit({ ...wide, javaScriptEnabled: false }, async (page, context) => {
    assert.deepEqual(await jar(context), necessary);
    assert.deepEqual(await names(group(entry(page, /^GET \/ \d/), "not set in your browser")), [...fromServer, "visit_source"].toSorted());
    await press(page, "Do Not Track");
    assert.equal(await decision(page, "analytics").textContent(), "refused");
    await press(page, "Do Not Track");
    assert.equal(await decision(page, "analytics").textContent(), "undecided");

    // The page of choices, by keyboard.
    await page.getByRole("link", { name: "Choose" }).focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert.match(page.url(), /\.placet\/preferences/);
    for (const [category, answer] of [["functional", "granted"], ["analytics", "granted"], ["marketing", "refused"]]) {
      await page.locator(`[name="category.${category}"][value="${answer}"]`).focus();
      await page.keyboard.press("Space");
    }
    await page.locator(".placet-button").last().focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert.equal(page.url(), origin, "back where it was asked for");
    assert.equal(await decision(page, "analytics").textContent(), "granted");
    assert.equal(await decision(page, "marketing").textContent(), "refused");
    assert.deepEqual(await jar(context), ["placet", ...necessary, "_ga", "language"].toSorted());

    await press(page, "Set the cookies again");
    const asked = group(entry(page, /^GET \/ \d/), "not set in your browser");
    assert.deepEqual(await names(asked), ["__gads", "_gcl_au", "visit_source"]);

    await context.addCookies([{ name: "of_another_server", value: "1", url: origin }]);
    await press(page, "Forget everything");
    assert.deepEqual(await jar(context), ["of_another_server", ...necessary].toSorted());
    assert.equal(await page.locator(".entry").count(), 1);
    assert.equal(await decision(page, "analytics").textContent(), "undecided");
  }));

test("Ctrl-C ends the demo", async () => {
  demo.kill("SIGINT");
  const [code] = await once(demo, "exit");
  assert.equal(code, 0);
});

test.after(async () => {
  await browser.close();
  demo.kill();
});
