// Opens pages with the script tag in Chromium, as a visitor would: before a choice, after a yes and a
// no, with signals, in two tabs, under a strict Content-Security-Policy, and by keyboard alone.
//
//   node script.mjs FOLDER              the folder with `placet.js` and what it loads (`www/dist`);
//                                       the browser is $CHROMIUM, or `chromium` on the path
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";
import { startSite } from "./site.mjs";

const [folder] = process.argv.slice(2);
assert.ok(folder, "found no folder; expected: node script.mjs FOLDER");
const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

const STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";
const site = await startSite(folder);
const { asked, away } = site;
// A host with a domain above it; Chromium finds it on the loopback.
const origin = `http://www.shop.localhost:${site.port}`;

const browser = await launch();
after(async () => {
  await browser.close();
  site.close();
});

/** A fresh visitor on a page with this body. */
async function visit(body, { head, lang, headers = {}, options = {}, init } = {}) {
  const pathname = site.add(body, { head, lang, headers });
  const context = await browser.newContext(options);
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  page.said = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.said.push(message.text()));
  page.on("pageerror", (error) => page.said.push(String(error)));
  await page.goto(origin + pathname);
  await page.evaluate(() => window.placet.ready);
  return page;
}

const ran = (page) => page.evaluate(() => window.ran ?? []);
const inBanner = (page, selector) => page.locator(`placet-consent ${selector}`);
/** Presses a button, and waits for what a choice takes, which is loaded for it. */
const answer = async (page, what) => {
  await inBanner(page, `[data-do=${what}]`).click();
  await page.waitForFunction(() => window.placet?.standing()?.made);
};
const accept = (page) => answer(page, "granted");
const refuse = (page) => answer(page, "refused");

test("before a choice nothing gated runs, and after a yes everything does, once and in order", async () => {
  const page = await visit(`
    <script type="text/plain" data-placet="analytics" src="/run/first.js?delay=150"></script>
    <script type="text/plain" data-placet="analytics">(window.ran ??= []).push("second")</script>
    <script type="text/plain" data-placet="counter" src="/run/third.js"></script>
    <script type="text/plain" data-placet="analytics&amp;marketing" data-type="module">(window.ran ??= []).push("module")</script>
    <template data-placet="marketing"><p id="offer">An offer</p><script>(window.ran ??= []).push("template")</script></template>`);
  assert.deepEqual(await ran(page), []);
  assert.equal(await page.locator("#offer").count(), 0);
  await accept(page);
  await page.waitForFunction(() => window.ran?.length == 5);
  const order = await ran(page);
  assert.deepEqual(order.filter((name) => name != "module"), ["first", "second", "third", "template"]);
  assert.equal(await page.locator("#offer").count(), 1);
  await page.evaluate(() => window.placet.choose("granted"));
  assert.equal((await ran(page)).length, 5);
  assert.deepEqual(page.said, []);
});

test("markup that comes later is gated, and released at once where it is granted", async () => {
  const page = await visit("");
  const add = (name) =>
    page.evaluate((name) => {
      const script = document.createElement("script");
      Object.assign(script, { type: "text/plain", textContent: `(window.ran ??= []).push("${name}")` });
      script.dataset.placet = "analytics";
      document.body.append(script);
    }, name);
  await add("early");
  assert.deepEqual(await ran(page), []);
  await accept(page);
  await page.waitForFunction(() => window.ran?.length == 1);
  await add("late");
  await page.waitForFunction(() => window.ran?.length == 2);
});

test("scripts keep necessary cookies and storage, and nothing else before a choice", async () => {
  const page = await visit("", {
    head: `${site.tag()}<script>
      document.cookie = "session=1"; document.cookie = "_count=1; path=/"; document.cookie = "stray=1";
      window.early = document.cookie;
      localStorage.setItem("cart", "1"); localStorage.cartless = "1"; localStorage.count = "1";
      localStorage.cartridge = "1"; delete localStorage.cartridge;
      window.earlyCart = localStorage.getItem("cart");
    </script>`,
  });
  assert.match(await page.evaluate(() => window.early), /session=1/);
  assert.equal(await page.evaluate(() => window.earlyCart), "1");
  const stored = () => page.evaluate(() => [document.cookie, Object.keys(localStorage).sort().join()]);
  assert.deepEqual(await stored(), ["session=1", "cart"]);
  const refused = await page.evaluate(() => new Promise((told) => {
    const seen = [];
    window.placet.on("refused", (event) => seen.push(event));
    setTimeout(() => told(seen));
  }));
  assert.deepEqual(refused.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`).toSorted(), [
    "cookie _count: regime",
    "cookie stray: undeclared",
    "storage cartless: undeclared",
    "storage count: regime",
  ]);
  await accept(page);
  await page.evaluate(() => {
    document.cookie = "_count=2; path=/";
    localStorage.count = "2";
  });
  const [cookies, keys] = await stored();
  assert.match(cookies, /_count=2/);
  assert.equal(keys, "cart,count");
});

test("what a service of the policy asks for over the network waits for its category", async () => {
  asked.length = 0;
  const page = await visit(`<iframe title="film" src="${away}/any/frame"></iframe>`);
  const status = await page.evaluate(async (away) => {
    new Image().src = `${away}/any/pixel`;
    const script = document.createElement("script");
    script.src = `${away}/run/counted.js`;
    document.head.append(script);
    navigator.sendBeacon(`${away}/any/hit`, "1");
    const hit = await fetch(`${away}/any/hit`);
    const other = await fetch(`${away}/any/other`);
    return [hit.status, other.status];
  }, away);
  assert.deepEqual(status, [451, 200]);
  assert.deepEqual(await ran(page), []);
  assert.deepEqual(asked.filter((one) => /pixel|counted|hit/.test(one)), []);
  assert.equal(await page.locator("iframe").getAttribute("src"), null);
  await accept(page);
  await page.waitForFunction(() => window.ran?.includes("counted"));
  assert.equal(await page.locator("iframe").getAttribute("src"), `${away}/any/frame`);
  const later = await page.evaluate((away) => fetch(`${away}/any/hit`).then((answer) => answer.status), away);
  assert.equal(later, 200);
});

test("a refusal takes every cookie back that scripts can see, wherever it was set", async () => {
  const page = await visit("");
  await accept(page);
  const here = new URL(page.url()).pathname;
  await page.evaluate((here) => {
    for (const place of ["", "; path=/", `; path=${here}`, "; domain=shop.localhost; path=/", "; domain=www.shop.localhost"]) {
      document.cookie = `_count_${document.cookie.length}=1${place}`;
    }
    document.cookie = "session=1";
    localStorage.count = "1";
  }, here);
  assert.ok((await page.evaluate(() => document.cookie.match(/_count/g))).length > 3);
  await page.evaluate(() => window.placet.withdraw());
  // What removes them is loaded for it.
  await page.waitForFunction(() => document.cookie.split("; ").map((pair) => pair.split("=")[0]).sort().join() == "placet,session");
  await page.waitForFunction(() => localStorage.count === undefined);
});

test("what ran before a refusal is told to the visitor, in one banner and in the page's language", async () => {
  const page = await visit(`<script type="text/plain" data-placet="analytics">(window.ran ??= []).push("it")</script>`, { lang: "de" });
  await inBanner(page, ".first").waitFor();
  assert.equal(await page.locator("placet-consent").count(), 1);
  assert.equal(await inBanner(page, "[data-do=refused]").textContent(), "Alle ablehnen");
  await accept(page);
  await inBanner(page, ".reopen").waitFor();
  assert.equal(await inBanner(page, ".first").count(), 0);
  await page.evaluate(() => window.placet.withdraw());
  await inBanner(page, "[data-do=reload]").waitFor();
  await inBanner(page, "[data-do=reload]").click();
  await page.waitForFunction(() => window.placet?.standing()?.categories.analytics.decision == "refused");
  assert.deepEqual(await ran(page), []);
});

test("a database that is declared opens while the engine starts, and one that is not fails quietly", async () => {
  const policy = structuredClone(site.policy);
  policy.services[0].storage.push("orders");
  const open = `<script>
    window.told = [];
    for (const name of ["orders", "profile"]) {
      const request = indexedDB.open(name, 1);
      if (!(request instanceof IDBOpenDBRequest)) told.push("odd");
      request.onupgradeneeded = (event) => event.target.result.createObjectStore("kept");
      request.addEventListener("success", () => told.push(name + " " + request.result.objectStoreNames.contains("kept")));
      request.onerror = () => told.push(name + " " + request.error.name);
    }
  </script>`;
  const page = await visit("", { head: site.tag("", policy) + open });
  await page.waitForFunction(() => window.told.length == 2);
  assert.deepEqual((await page.evaluate(() => window.told)).toSorted(), ["orders true", "profile SecurityError"]);
});

test("an image that was given another address keeps that one", async () => {
  const page = await visit(`<img alt="" id="shown">`);
  const [during, after] = await page.evaluate((away) => {
    const image = document.getElementById("shown");
    image.setAttribute("src", `${away}/any/pixel`);
    const during = image.src;
    image.src = "/any/own";
    return [during, image.src];
  }, away);
  assert.deepEqual([during, after], [`${away}/any/pixel`, `${origin}/any/own`]);
  await accept(page);
  await page.waitForFunction(() => window.placet.allows("film"));
  assert.equal(await page.evaluate(() => document.getElementById("shown").src), `${origin}/any/own`);
});

test("a later choice takes the place of one that is on its way to the server, and says all that it was not told", async () => {
  const told = [];
  const page = await visit("", { head: site.tag(`data-endpoint="/choice"`), init: () => {} });
  await page.route("**/choice", async (route) => {
    told.push(route.request().postDataJSON().categories);
    // The first answer comes when nobody waits for it any more, and would grant.
    if (told.length == 1) await new Promise((late) => setTimeout(late, 1_000));
    const cookie = told.length == 1 ? { "set-cookie": "late=1; Path=/" } : {};
    await route.fulfill({ json: {}, headers: cookie }).catch(() => {});
  });
  await page.evaluate(() => void window.placet.choose({ analytics: true, functional: true }));
  await page.evaluate(() => window.placet.choose({ analytics: false }));
  await page.waitForTimeout(1_500);
  assert.deepEqual(told, [
    { analytics: "granted", functional: "granted" },
    { analytics: "refused", functional: "granted" },
  ]);
  assert.equal(await page.evaluate(() => window.placet.allows("analytics")), false);
  assert.match(await page.evaluate(() => document.cookie), /n~analytics/);
});

test("what ran before the tag makes no page load anew, and the banner asks all the same", async () => {
  const early = `<script src="${away}/run/counted.js"></script>`;
  const page = await visit("", { head: early + site.tag("data-reload") });
  await inBanner(page, ".first").waitFor();
  const loads = asked.filter((one) => one == new URL(page.url()).pathname).length;
  assert.equal(loads, 1);
  assert.deepEqual(await ran(page), ["counted"]);
});

test("of an image of several sizes every address waits, however they are parted", async () => {
  const page = await visit("");
  const hit = `${away}/any/pixel`;
  for (const set of [`,${hit}`, `/own.png ,${hit} 2x`, `/own.png 1x,,${hit} 2x`, `/own.png 100w 50h,${hit} 200w`, `${hit},`]) {
    asked.length = 0;
    await page.evaluate((set) => document.body.append(Object.assign(new Image(), { srcset: set })), set);
    await page.waitForTimeout(100);
    assert.ok(!asked.includes("/any/pixel"), set);
  }
  await accept(page);
  await page.waitForFunction(() => [...document.images].every((image) => image.srcset));
});

test("the choice is kept, and no banner comes back", async () => {
  const page = await visit("");
  await refuse(page);
  await inBanner(page, "[data-do=show]").waitFor();
  await page.reload();
  await page.evaluate(() => window.placet.ready);
  await inBanner(page, ".reopen").waitFor();
  assert.equal(await inBanner(page, ".panel").count(), 0);
  const { categories, made } = await page.evaluate(() => window.placet.standing());
  assert.deepEqual(categories.analytics, { decision: "refused", reason: "chosen" });
  assert.ok(made);
});

test("a signal that refuses is honoured with a note, and a grant can still be given", async () => {
  const page = await visit("", { init: () => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true }) });
  const { categories, signals } = await page.evaluate(() => window.placet.standing());
  assert.deepEqual(signals, { gpc: true, dnt: null });
  assert.deepEqual(categories.marketing, { decision: "refused", reason: "gpc" });
  await page.evaluate(() => (document.cookie = "ad=1"));
  assert.doesNotMatch(await page.evaluate(() => document.cookie), /ad=/);
});

test("a choice in one tab acts in the others", async () => {
  const page = await visit(`<script type="text/plain" data-placet="analytics">(window.ran ??= []).push("it")</script>`);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.evaluate(() => window.placet.ready);
  await accept(page);
  await other.waitForFunction(() => window.ran?.length == 1);
  await other.evaluate(() => window.placet.withdraw());
  await page.waitForFunction(() => !window.placet.allows("analytics"));
});

test("word of a choice in another tab may come before its cookie, which decides", async () => {
  const context = await browser.newContext();
  const gated = site.add(`<script type="text/plain" data-placet="analytics">(window.ran ??= []).push("it")</script>`);
  const open = async (init) => {
    const page = await context.newPage();
    page.setDefaultTimeout(5_000);
    if (init) await page.addInitScript(init);
    await page.goto(origin + gated);
    await page.evaluate(() => window.placet.ready);
    return page;
  };
  const page = await open();
  // The other tab is shown the cookies of before the word came, for half a second.
  const other = await open(() => {
    const jar = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
    let seen = "";
    let behind = 0;
    new BroadcastChannel("placet").addEventListener("message", () => (behind = performance.now() + 500));
    const get = () => (performance.now() < behind ? seen : (seen = jar.get.call(document)));
    Object.defineProperty(Document.prototype, "cookie", { ...jar, get });
    setInterval(() => document.cookie, 10);
  });
  await page.evaluate(() => window.placet.choose("granted"));
  await other.waitForFunction(() => window.ran?.length == 1);
  const granted = await page.evaluate(() => document.cookie);
  await page.evaluate(() => window.placet.choose({ analytics: false }));
  await other.waitForFunction(() => !window.placet.allows("analytics"));
  // Word that is late, or no word at all, changes nothing.
  await page.evaluate((words) => {
    const channel = new BroadcastChannel("placet");
    words.forEach((word) => channel.postMessage(word));
  }, [granted.split(".")[4], "other=1", 0, {}]);
  await other.waitForTimeout(300);
  assert.equal(await other.evaluate(() => window.placet.allows("analytics")), false);
});

test("word of a choice in another tab is found in the cookie that a server has made of the script's", async () => {
  const context = await browser.newContext();
  const gated = site.add(`<script type="text/plain" data-placet="analytics">(window.ran ??= []).push("it")</script>`);
  const [page, other] = [await context.newPage(), await context.newPage()];
  // How often the other tab looks in vain.
  await other.addInitScript(() => {
    const { setTimeout } = window;
    window.looks = 0;
    window.setTimeout = (act, delay, ...given) => setTimeout(act, delay, ...given, (window.looks += +(delay == 100)));
  });
  for (const one of [page, other]) {
    one.setDefaultTimeout(10_000);
    await one.goto(origin + gated);
    await one.evaluate(() => window.placet.ready);
  }
  await page.evaluate(() => {
    window.placet.on("change", () => {
      window.own = document.cookie;
      const later = window.own.replace(/(?<=^placet=1\.\d+\.)\d+/, (made) => +made - 1);
      document.cookie = `${later}; path=/`;
    });
    return window.placet.choose("granted");
  });
  await other.waitForFunction(() => window.ran?.length == 1);
  const [own, kept] = await page.evaluate(() => [window.own, document.cookie]);
  assert.ok(/^placet=/.test(kept) && kept != own, "another cookie of the same choice");
  assert.ok((await other.evaluate(() => window.looks)) < 50, "it did not give up");
});

test("under a strict Content-Security-Policy the same engine runs as JavaScript, without a violation", async () => {
  const violations = () => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  };
  const page = await visit(`<script type="text/plain" data-placet="analytics" src="/run/gated.js"></script>`, {
    head: `<script src="/placet.js" data-policy="/policy.json"></script>`,
    headers: { "content-security-policy": STRICT },
    init: violations,
  });
  assert.equal(await page.locator("html").getAttribute("data-placet-engine"), "js");
  await accept(page);
  await page.evaluate(() => (document.cookie = "_count=1"));
  assert.match(await page.evaluate(() => document.cookie), /_count=1/);
  await page.waitForFunction(() => window.ran?.includes("gated"));
  await page.evaluate((url) => Object.assign(document.createElement("img"), { src: url }), `${away}/any/pixel`);
  // Compiling WebAssembly is the one thing that is tried.
  const seen = await page.evaluate(() => window.violations);
  assert.deepEqual(seen.filter((one) => !/wasm-eval|^img-src/.test(one)), []);
});

test("without a policy that can be read the page stays closed", async () => {
  const page = await browser.newPage();
  const broken = { revision: 1, services: [{ id: "a", category: "nowhere" }] };
  const gated = `<script type="text/plain" data-placet="analytics">window.ran = 1</script>`;
  await page.goto(origin + site.add(gated, { head: site.tag("", broken) }));
  const error = await page.evaluate(() => window.placet.ready.catch((error) => error.message));
  assert.match(error, /policy/);
  await page.evaluate(() => (document.cookie = "session=1"));
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.deepEqual(await page.context().cookies(), []);
});

for (const [name, options, attributes, lang] of [
  ["light", { colorScheme: "light" }, "", "en"],
  ["dark", { colorScheme: "dark" }, "data-layout=box", "en"],
  ["right to left", { colorScheme: "light" }, "data-layout=dialog", "ar"],
  ["narrow, motion reduced, forced colours", { viewport: { width: 320, height: 560 }, reducedMotion: "reduce", forcedColors: "active" }, "", "de"],
]) {
  test(`banner and preferences are accessible: ${name}`, async () => {
    const page = await visit("<p>Text of the page.</p>", { head: site.tag(attributes), lang, options });
    const check = async () => {
      await page.evaluate(axe);
      await page.evaluate(() => document.getAnimations().map((one) => one.finish()));
      const { violations } = await page.evaluate(() => window.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
    };
    await inBanner(page, ".panel").waitFor();
    await check();
    await inBanner(page, "[data-do=show]").click();
    await inBanner(page, "dialog[open]").waitFor();
    await inBanner(page, "summary").first().click();
    await check();
    if (process.env.SCREENSHOTS) await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}.png`) });
    await page.keyboard.press("Escape");
    await inBanner(page, ".panel").waitFor();
    if (process.env.SCREENSHOTS) await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name} first.png`) });
  });
}

test("everything can be done by keyboard, and the focus comes back", async () => {
  const page = await visit(`<button data-placet-show>Privacy</button>`);
  await inBanner(page, ".panel").waitFor();
  await page.locator("main button").focus();
  await page.keyboard.press("Enter");
  await inBanner(page, "dialog[open]").waitFor();
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const where = await page.evaluate(() => document.activeElement?.nodeName);
    assert.ok(["PLACET-CONSENT", "BODY"].includes(where), `the focus went to ${where}`);
  }
  await inBanner(page, "input[name=analytics]").focus();
  await page.keyboard.press("Space");
  await inBanner(page, "[data-do=save]").focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => window.placet.allows("analytics"));
  assert.equal(await page.evaluate(() => window.placet.allows("marketing")), false);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Privacy");
});
