// The script tag in three real browsers: what is held before a choice, released after a yes, taken back
// after a no, and what Firefox's own signals do.
//
//   node engines.mjs FOLDER             the folder with `placet.js` and what it loads (`www/dist`);
//                                       the browsers are those of browsers.mjs
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { names, press, ran, ready } from "./banner.mjs";
import { engines, visit } from "./browsers.mjs";
import { poll } from "./program.mjs";
import { startSite } from "./site.mjs";

const [folder] = process.argv.slice(2);
assert.ok(folder, "found no folder; expected: node engines.mjs FOLDER");
const site = await startSite(folder);
after(() => site.close());
const { origin, away } = site;

for (const engine of engines) {
  test(`${engine}: held before a choice, released after a yes, taken back after a no`, () =>
    visit(engine, {}, async (browser) => {
      const page = site.add(
        `<script type="text/plain" data-placet="analytics" src="/run/first.js?delay=100"></script>
         <script type="text/plain" data-placet="analytics">(window.ran ??= []).push("second")</script>
         <script src="${away}/run/counted.js"></script>
         <iframe title="Film" src="${away}/any/frame"></iframe>
         <template data-placet="film"><p id="offer">An offer</p></template>`,
        {
          head: `${site.tag()}<script>
            document.cookie = "session=1"; document.cookie = "_count=1; path=/"; document.cookie = "stray=1";
            localStorage.cart = "1"; localStorage.setItem("count", "1"); localStorage.stray = "1";
          </script>`,
        },
      );
      await browser.go(origin + page);
      assert.equal(await ready(browser), "ready");
      assert.equal(await browser.run(() => document.documentElement.dataset.placetEngine), "wasm");
      assert.deepEqual(await ran(browser), []);
      assert.deepEqual(await names(browser), ["session"]);
      assert.deepEqual(await browser.run(() => Object.keys(localStorage)), ["cart"]);
      assert.equal(await browser.run(() => document.querySelector("iframe").getAttribute("src")), null);
      assert.equal(
        await browser.driver.executeAsyncScript((url, done) => {
          fetch(url).then((answer) => done(answer.status));
        }, `${away}/any/hit`),
        451,
      );
      await browser.assertAccessible();

      await press(browser, "granted");
      const order = await ran(browser, 3);
      assert.deepEqual(order.filter((name) => name != "counted"), ["first", "second"]);
      assert.ok(order.includes("counted"), `ran: ${order}`);
      assert.equal(await browser.run(() => document.querySelector("iframe").src), `${away}/any/frame`);
      assert.equal(await browser.run(() => document.querySelectorAll("#offer").length), 1);
      await browser.run(() => {
        document.cookie = "_count=2; path=/";
        document.cookie = `_count_here=2; path=${location.pathname}`;
        localStorage.count = "2";
      });
      assert.deepEqual(await names(browser), ["_count", "_count_here", "placet", "session"]);

      await browser.go(origin + page);
      assert.equal(await ready(browser), "ready");
      assert.equal(await browser.run(() => window.placet.standing().categories.analytics.reason), "chosen");
      assert.equal((await ran(browser, 3)).length, 3);

      await press(browser, "show");
      await poll(() => browser.run(() => !!document.querySelector("placet-consent").shadowRoot.querySelector("dialog[open]")), (is) => is);
      await browser.assertAccessible();
      await press(browser, "refused");
      // What removes them is loaded for it.
      await poll(() => names(browser), (left) => `${left}` == "placet,session");
      assert.equal(await browser.run(() => localStorage.getItem("count")), null);
      assert.equal(await browser.run(() => document.querySelectorAll("#offer").length), 0);
    }));

  test(`${engine}: an image of several sizes waits, whoever says which`, () =>
    visit(engine, {}, async (browser) => {
      const set = `/any/own 1x, ${away}/any/pixel 2x`;
      await browser.go(origin + site.add(`<picture id="markup"><source srcset="${set}"><img alt="" srcset="${set}"></picture>`));
      assert.equal(await ready(browser), "ready");
      await browser.run((away) => {
        const [byMethod, byProperty, own] = [0, 1, 2].map(() => document.body.appendChild(new Image()));
        byMethod.setAttribute("srcset", `/any/own 1x,${away}/any/pixel 2x`);
        byProperty.srcset = `${away}/any/pixel`;
        own.srcset = "/any/own,1 1x, /any/own 2x";
      }, away);
      const sets = () => browser.run(() => Array.from(document.querySelectorAll("img, source"), ({ srcset }) => srcset));
      const own = "/any/own,1 1x, /any/own 2x";
      assert.deepEqual(await poll(sets, (found) => !found[0]), ["", "", "", "", own]);
      await press(browser, "granted");
      const granted = [set, set, `/any/own 1x,${away}/any/pixel 2x`, `${away}/any/pixel`, own];
      assert.deepEqual(await poll(sets, (found) => found[0]), granted);
    }));

  test(`${engine}: under a strict Content-Security-Policy the engine runs as JavaScript`, () =>
    visit(engine, {}, async (browser) => {
      const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'";
      const head = `<script src="/placet.js" data-policy="/policy.json"></script>`;
      await browser.go(origin + site.add("", { head, headers: { "content-security-policy": policy } }));
      assert.equal(await ready(browser), "ready");
      assert.equal(await browser.run(() => document.documentElement.dataset.placetEngine), "js");
      await press(browser, "granted");
      // What a choice takes is loaded for it.
      await poll(() => browser.run(() => window.placet.allows("analytics")), (is) => is);
      await browser.run(() => (document.cookie = "_count=1"));
      assert.deepEqual(await names(browser), ["_count", "placet"]);
    }));
}

test("firefox: its own signals are honoured and shown, and no banner asks", () =>
  visit("firefox", { gpc: true, dnt: true }, async (browser) => {
    await browser.go(origin + site.add(""));
    assert.equal(await ready(browser), "ready");
    const { signals, categories } = await browser.run(() => window.placet.standing());
    assert.deepEqual(signals, { gpc: true, dnt: "1" });
    assert.deepEqual(categories.marketing, { decision: "refused", reason: "gpc" });
    assert.deepEqual(categories.analytics, { decision: "refused", reason: "dnt" });
    await poll(() => browser.run(() => !!document.querySelector("placet-consent")?.shadowRoot.querySelector(".note")), (is) => is);
    await browser.assertAccessible();
    assert.equal(await browser.run(() => document.querySelector("placet-consent").shadowRoot.querySelector(".first")), null);
  }));
