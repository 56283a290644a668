// Global Privacy Control as the users of another banner asked for it (orestbida/cookieconsent#811), point by
// point: nothing is written because of the signal, it refuses everything without a banner, the preferences
// can be opened and say so, and an explicit choice counts for more. Firefox sends the signal itself; for
// the others a script stands in.
//
//   node gpc.mjs FOLDER                 the folder with `placet.js` and what it loads (`www/dist`);
//                                       the browsers are those of browsers.mjs
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { allows, arrive, isGranted, isShown, names, press, ran, shown } from "./banner.mjs";
import { engines, visit } from "./browsers.mjs";
import { startSite } from "./site.mjs";

const [folder] = process.argv.slice(2);
assert.ok(folder, "found no folder; expected: node gpc.mjs FOLDER");
const site = await startSite(folder);
after(() => site.close());
const { origin } = site;

const optional = ["functional", "analytics", "marketing"];
const policy = { ...site.policy, signals: { gpc: { refuses: optional } } };
/** Where a visitor is who may say yes in spite of the signal. */
const attributes = `data-region="US-CA" data-endpoint="/choice"`;
const STAND_IN = `<script>Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true })</script>`;
const gated = `<button data-placet-show>Privacy choices</button>
  <script type="text/plain" data-placet="analytics" src="/run/counts.js"></script>`;

const page = (head) => site.add(gated, { head: head + site.tag(attributes, policy) });
const [silent, standIn] = [page(""), page(STAND_IN)];
site.pages.set("/choice", { markup: "{}", headers: { "content-type": "application/json" } });

const reasons = (browser) =>
  browser.run(() => Object.entries(window.placet.standing().categories).map(([id, { decision, reason }]) => [id, decision, reason].join(" ")));
const refused = ["necessary granted necessary", ...optional.map((id) => `${id} refused gpc`)];

/** The switches of the preferences, and what they say. */
const switches = (browser) =>
  browser.run(() => {
    const inputs = document.querySelector("placet-consent").shadowRoot.querySelectorAll("input");
    return Array.from(inputs, ({ name, checked, disabled }) => `${name} ${checked}${disabled ? " always" : ""}`);
  });

for (const engine of engines) {
  const isReal = engine == "firefox";
  const signalling = origin + (isReal ? silent : standIn);
  const point = (rule, act) => test(`${engine}: ${rule}`, () => visit(engine, { gpc: isReal }, act));

  point("the signal has no cookie, no key and no request written", async (browser) => {
    await arrive(browser, signalling);
    await isShown(browser, "note");
    assert.deepEqual(await browser.cookies(), {});
    assert.deepEqual(await browser.run(() => [localStorage.length, sessionStorage.length]), [0, 0]);
    assert.deepEqual(site.posted, []);
  });

  point("the signal refuses everything, and no banner asks on this page or the next", async (browser) => {
    for (const visits of ["first", "next"]) {
      await arrive(browser, signalling);
      await isShown(browser, "note");
      assert.deepEqual(await reasons(browser), refused, visits);
      await browser.run(() => {
        document.cookie = "_count=1";
        document.querySelector("main").click();
        scrollTo(0, 1000);
      });
      assert.deepEqual(await browser.cookies(), {});
      assert.deepEqual(await ran(browser), []);
      assert.equal(await shown(browser), "note");
    }
    await press(browser, "close");
    await isShown(browser, "");
  });

  point("the preferences open by button and by call, and show everything as refused", async (browser) => {
    await arrive(browser, signalling);
    await isShown(browser, "note");
    for (const open of [() => document.querySelector("[data-placet-show]").click(), () => window.placet.show()]) {
      await browser.run(open);
      await isShown(browser, "preferences");
      assert.deepEqual(await switches(browser), ["necessary true always", "analytics false", "marketing false"]);
      const said = await browser.run(() => document.querySelector("placet-consent").shadowRoot.querySelector(".signal").textContent);
      assert.match(said, /Opt-out request honoured.*Global Privacy Control/);
      await press(browser, "close");
    }
  });

  point("an explicit choice counts for more than the signal, on the next page too", async (browser) => {
    await arrive(browser, signalling);
    await browser.run(() => window.placet.show());
    await isShown(browser, "preferences");
    await press(browser, "granted");
    await isGranted(browser, "analytics & marketing");
    assert.deepEqual(await ran(browser, 1), ["counts"]);
    await arrive(browser, signalling);
    assert.deepEqual(await reasons(browser), ["necessary granted necessary", ...optional.map((id) => `${id} granted chosen`)]);
    assert.deepEqual(await names(browser), ["placet"]);
    await browser.run(() => window.placet.withdraw());
    await arrive(browser, signalling);
    assert.equal(await allows(browser, "marketing"), false);
    site.posted.length = 0;
  });

  // Stricter than what was asked for: in places that have to honour the signal, a yes counts for more only if
  // whoever gave it saw that the signal was honoured.
  test(`${engine}: a yes from before the signal gives way to it`, () =>
    visit(engine, {}, async (browser) => {
      await arrive(browser, origin + silent);
      await browser.run(() => window.placet.choose("granted"));
      await isGranted(browser, "marketing");
      await arrive(browser, origin + standIn);
      assert.deepEqual(await reasons(browser), refused);
      site.posted.length = 0;
    }));
}
