// The life of a page with the script tag in three real browsers: left and restored, prerendered, replaced by
// its own scripts, opened in two tabs, told twice to load the tag, and given back as it was.
//
//   node lifecycle.mjs FOLDER           the folder with `placet.js` and what it loads (`www/dist`);
//                                       the browsers are those of browsers.mjs
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { allows, arrive, failed, GATHER, isGranted, isShown, names, press, ran, ready, shown } from "./banner.mjs";
import { engines, visit } from "./browsers.mjs";
import { poll } from "./program.mjs";
import { startSite } from "./site.mjs";

const [folder] = process.argv.slice(2);
assert.ok(folder, "found no folder; expected: node lifecycle.mjs FOLDER");
const site = await startSite(folder);
after(() => site.close());
const { origin, asked } = site;

const GATED = `<script type="text/plain" data-placet="analytics" src="/run/counts.js"></script>`;
const plain = origin + site.add(GATED);
const other = origin + site.add("<p>Another page</p>");

/** Opens an address in another tab, and says how to come back. */
async function newTab(browser, address) {
  const first = await browser.driver.getWindowHandle();
  await browser.driver.switchTo().newWindow("tab");
  await arrive(browser, address);
  const second = await browser.driver.getWindowHandle();
  return { toFirst: () => browser.driver.switchTo().window(first), toSecond: () => browser.driver.switchTo().window(second) };
}

for (const engine of engines) {
  const rule = (says, act) => test(`${engine}: ${says}`, () => visit(engine, {}, act));

  rule("a page that is gone back to knows the choice made elsewhere", async (browser) => {
    await arrive(browser, plain);
    await isShown(browser, "first");
    await browser.run(() => addEventListener("pageshow", ({ persisted }) => (window.isRestored = persisted)));
    // A page that a script leaves to is a step in the history.
    await browser.run((next) => setTimeout(() => (location.href = next)), other);
    await poll(() => browser.driver.getCurrentUrl(), (url) => url == other);
    assert.equal(await ready(browser), "ready");
    await press(browser, "granted");
    await isShown(browser, "reopen");
    await browser.driver.navigate().back();
    await poll(() => browser.driver.getCurrentUrl(), (url) => url == plain);
    assert.equal(await ready(browser), "ready");
    assert.equal(await browser.run(() => window.isRestored ?? false), true, "the page was loaded, not restored");
    await isGranted(browser, "analytics");
    assert.deepEqual(await ran(browser, 1), ["counts"]);
    await isShown(browser, "reopen");
  });

  rule("a restored page takes over what it missed", async (browser) => {
    await arrive(browser, plain);
    await isShown(browser, "first");
    const { toFirst } = await newTab(browser, other);
    // Another tab that says nothing is what a page in the back/forward cache hears.
    await browser.run(() => (BroadcastChannel.prototype.postMessage = () => {}));
    await press(browser, "granted");
    await isShown(browser, "reopen");
    await toFirst();
    await browser.run(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await isGranted(browser, "analytics");
    await isShown(browser, "reopen");
  });

  rule("a page that replaces its body keeps the banner, and gets its way back again", async (browser) => {
    await arrive(browser, origin + site.add(`<button data-placet-show>Privacy</button>`));
    await isShown(browser, "first");
    const navigate = (markup) =>
      browser.run((markup) => {
        history.pushState({}, "", "/elsewhere");
        const body = document.createElement("body");
        body.innerHTML = markup;
        document.body.replaceWith(body);
      }, markup);
    await navigate("<main><h1>Two</h1></main>");
    await isShown(browser, "first");
    await press(browser, "refused");
    // The page has no way back of its own any more.
    await isShown(browser, "reopen");
    await navigate(`<main><h1>Three</h1><button data-placet-show>Privacy</button></main>`);
    await isShown(browser, "");
    await navigate("<main><h1>Four</h1></main>");
    await isShown(browser, "reopen");
    assert.equal(await browser.run(() => document.querySelectorAll("placet-consent").length), 1);
    await browser.run(() => window.placet.choose("granted"));
    // What `innerHTML` inserts runs in no browser, and keeps nothing else from running.
    await navigate(`<main><script type="text/plain" data-placet="analytics" src="/run/never.js"></script></main>`);
    await browser.run(() => {
      const script = Object.assign(document.createElement("script"), { type: "text/plain", textContent: `(window.ran ??= []).push("late")` });
      script.dataset.placet = "analytics";
      document.body.append(script);
    });
    assert.deepEqual(await ran(browser, 1), ["late"]);
  });

  rule("a page that replaces its root keeps the banner", async (browser) => {
    await arrive(browser, plain);
    await isShown(browser, "first");
    await browser.run(() => {
      const root = document.createElement("html");
      root.append(document.createElement("head"), document.createElement("body"));
      document.documentElement.replaceWith(root);
    });
    assert.ok(await poll(() => browser.run(() => !!document.querySelector("placet-consent")), (is) => is));
    await press(browser, "refused");
    await isShown(browser, "reopen");
  });

  rule("a view transition keeps the banner", async (browser) => {
    await arrive(browser, plain);
    await isShown(browser, "first");
    const isDone = await browser.driver.executeAsyncScript((done) => {
      if (!document.startViewTransition) return done("no view transitions");
      const { finished } = document.startViewTransition(() => {
        const body = document.createElement("body");
        body.innerHTML = "<main><h1>Two</h1></main>";
        document.body.replaceWith(body);
      });
      finished.then(() => done("finished"), (error) => done(String(error)));
    });
    assert.equal(isDone, "finished");
    await isShown(browser, "first");
    await press(browser, "granted");
    await isShown(browser, "reopen");
    assert.equal(await browser.run(() => document.querySelectorAll("placet-consent").length), 1);
  });

  rule("two tags are one, and an element that is called like the script is none", async (browser) => {
    asked.length = 0;
    const head = `${site.tag(`id="placet"`)}<script src="/placet.js?again"></script>`;
    await arrive(browser, origin + site.add(GATED, { head }));
    await isShown(browser, "first");
    const parts = asked.filter((path) => /^\/placet[-.]/.test(path) && path != "/placet.js");
    assert.deepEqual(parts.filter((path) => path.endsWith(".wasm")), ["/placet-compiler.wasm"]);
    assert.equal(new Set(parts).size, parts.length, `each part once: ${parts}`);
    await press(browser, "granted");
    assert.deepEqual(await ran(browser, 1), ["counts"]);
    assert.equal(await browser.run(() => document.querySelectorAll("placet-consent").length), 1);
  });

  rule("restore() takes back the banner, what listens, and what was put in place", async (browser) => {
    const film = `<iframe title="Film" data-placet="film" data-src="/any/film"></iframe>`;
    const head = GATHER + site.tag();
    await arrive(browser, origin + site.add(`${film}<button data-placet-show>Privacy</button>`, { head }));
    await isShown(browser, "first");
    assert.ok(await poll(() => browser.run(() => !!document.querySelector("placet-placeholder")), (is) => is));
    const isNative = () => [
      fetch, setTimeout, Storage.prototype.setItem, Document.prototype.write, StorageEvent,
      Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src").set,
      Object.getOwnPropertyDescriptor(Document.prototype, "cookie").set,
    ].map((one) => /\[native code\]/.test(Function.prototype.toString.call(one)));
    assert.ok((await browser.run(isNative)).includes(false));
    const left = await browser.run(() => {
      window.placet.restore();
      document.cookie = "stray=1";
      document.querySelector("[data-placet-show]").click();
      document.querySelector("button").focus();
      const frame = getComputedStyle(document.querySelector("iframe")).display;
      return [document.cookie, document.querySelectorAll("placet-consent,placet-placeholder").length, frame, typeof window.placet];
    });
    assert.deepEqual(left, ["stray=1", 0, "inline", "undefined"]);
    assert.ok(!(await browser.run(isNative)).includes(false));
    // Another tab's choice, and more of the page: nobody minds.
    await browser.run(() => {
      new BroadcastChannel("placet").postMessage(0);
      document.body.append(document.createElement("p"));
    });
    assert.equal(await shown(browser), "");
    // And the tag can be loaded anew.
    await browser.driver.executeAsyncScript((done) => {
      const tag = Object.assign(document.createElement("script"), { src: "/placet.js", onload: () => done() });
      document.head.append(tag);
    });
    assert.equal(await ready(browser), "ready");
    await isShown(browser, "first");
    assert.deepEqual(await failed(browser), []);
  });

  rule("preferences that were closed this moment open again", async (browser) => {
    await arrive(browser, plain);
    await press(browser, "show");
    await isShown(browser, "preferences");
    await browser.driver.executeAsyncScript((done) => {
      document.querySelector("placet-consent").shadowRoot.querySelector("[data-do=close]").click();
      window.placet.show();
      setTimeout(done, 200);
    });
    assert.equal(await shown(browser), "preferences");
  });

  rule("an event of a storage names the storage that pages know, and pages can make one", async (browser) => {
    await arrive(browser, origin + site.add("", { head: GATHER + site.tag() }));
    // WebKit tells a page of what is stored once it has read something of its storage.
    await browser.run(() => {
      addEventListener("storage", ({ key, storageArea }) => (window.seen = [key, storageArea === localStorage]));
      return localStorage.length;
    });
    const made = await browser.run(() => {
      const event = new StorageEvent("storage", { key: "cart", storageArea: localStorage });
      return [event instanceof StorageEvent, event.storageArea === localStorage, new StorageEvent("storage").storageArea];
    });
    assert.deepEqual(made, [true, true, null]);
    const { toFirst, toSecond } = await newTab(browser, other);
    let times = 0;
    const read = async () => {
      await toSecond();
      await browser.run((value) => localStorage.setItem("cart", value), `${times++}`);
      await toFirst();
      return browser.run(() => window.seen ?? null);
    };
    assert.deepEqual(await poll(read, (seen) => seen), ["cart", true]);
    assert.deepEqual(await failed(browser), []);
  });

  rule("a script that is written waits for its category", async (browser) => {
    asked.length = 0;
    const written = (url) => `<script>document.write('<script async src="${url}"><\\/script>', "<p id='written'></p>")</script>`;
    const body = written(`${site.away}/run/counted.js`) + written("/run/own.js") + `<script>document.writeln("<p>more</p>")</script>`;
    await arrive(browser, origin + site.add(body));
    assert.deepEqual(await ran(browser, 1), ["own"]);
    assert.equal(await browser.run(() => document.querySelectorAll("#written").length), 2);
    assert.ok(!asked.includes("/run/counted.js"));
    await press(browser, "granted");
    assert.deepEqual(await ran(browser, 2), ["own", "counted"]);
  });
}

test("chromium: a prerendered page asks nobody and lets nothing pass until it is seen", () =>
  visit("chromium", {}, async (browser) => {
    const head = `${site.tag()}<script>
      document.cookie = "session=1";
      window.early = [];
      new MutationObserver(() => document.prerendering && document.querySelector("placet-consent") && early.push("banner"))
        .observe(document, { childList: true, subtree: true });
    </script>`;
    const target = site.add(GATED + `<script>window.wasPrerendered = document.prerendering</script>`, { head });
    const rules = JSON.stringify({ prerender: [{ urls: [target] }] });
    const start = site.add(`<a href="${target}">Next</a><script type="speculationrules">${rules}</script>`, { head: "" });
    for (const [visits, decision] of [["new", "undecided"], ["returning", "granted"]]) {
      if (visits == "returning") {
        await arrive(browser, other);
        await browser.run(() => window.placet.choose("granted"));
        await isShown(browser, "reopen");
      }
      asked.length = 0;
      await browser.go(origin + start);
      assert.ok(await poll(() => asked.some((path) => path.endsWith(".wasm")), (is) => is), "the page was not prerendered");
      // What is not to come has half a second to come.
      await pause(500);
      assert.deepEqual(asked.filter((path) => /banner|counts/.test(path)), []);
      await browser.run(() => document.querySelector("main a").click());
      await poll(() => browser.driver.getCurrentUrl(), (url) => url == origin + target);
      assert.equal(await ready(browser), "ready");
      assert.deepEqual(await browser.run(() => [window.wasPrerendered, window.early]), [true, []]);
      assert.equal(await browser.run(() => window.placet.standing().categories.analytics.decision), decision);
      assert.ok((await names(browser)).includes("session"));
      if (visits == "new") await isShown(browser, "first");
      else assert.deepEqual(await ran(browser, 1), ["counts"]);
    }
  }));
