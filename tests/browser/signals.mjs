// What three real browsers keep of `placet demo`, and what becomes of the signals that one of them sends
// itself: Global Privacy Control and Do Not Track in Firefox's own headers, nobody's stand-in for them.
//
//   node signals.mjs COMMAND...         what starts `placet`, for example target/debug/placet;
//                                       the browsers are those of browsers.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { engines, visit } from "./browsers.mjs";
import { poll, start } from "./program.mjs";

const [name, ...words] = process.argv.slice(2);
assert.ok(name, "found no command; expected: node signals.mjs COMMAND...");
const { program: demo, address: origin } = await start(name, [...words, "demo", "--port", "0"]);
test.after(() => demo.end());

const preferences = `${origin}.placet/preferences`;
const necessary = ["placet_demo", "session"];
/** What the server sets where it may, by category. */
const fromServer = { functional: ["language"], analytics: ["_ga"], marketing: ["__gads", "_gcl_au"] };
const all = Object.values(fromServer).flat();

const names = async (browser) => Object.keys(await browser.cookies());

/** The cookies of a request, as the code behind the layer saw them. */
async function reachedTheSite(browser) {
  await browser.go(`${origin}vane`);
  assert.deepEqual(await browser.texts("#known"), ["What the museum’s code got to see"]);
  return (await browser.texts(".known code")).toSorted();
}

for (const engine of engines) {
  test(`${engine}: before a choice nothing but the necessary passes, to the browser or from it`, () =>
    visit(engine, {}, async (browser) => {
      await browser.go(origin);
      // Neither the server nor a script of the page sets anything else.
      await browser.run(() => window.placet.ready.then(() => true));
      assert.deepEqual(await names(browser), necessary);
      assert.deepEqual(await reachedTheSite(browser), necessary);
      const { signals, responses, choice } = await browser.json("/.placet/status");
      assert.deepEqual(signals, { gpc: false, dnt: null });
      assert.deepEqual(responses, { gpc: null, dnt: null });
      assert.equal(choice, null);
      await browser.go(preferences);
      await browser.assertAccessible();
    }));

  test(`${engine}: the banner's answers reach the layer, which takes back what no script can`, () =>
    visit(engine, {}, async (browser) => {
      /** Presses a button of the banner by what it does. */
      const press = (what) =>
        browser.run((what) => document.querySelector("placet-consent").shadowRoot.querySelector(`[data-do="${what}"]`).click(), what);
      /** What the layer says of the choice, once it has another than before. */
      const chosen = (before) => poll(async () => (await browser.json("/.placet/status")).choice, (choice) => choice && choice.id != before);
      const isThere = () => browser.run(() => !!document.querySelector("placet-consent")?.shadowRoot.querySelector("button"));
      await browser.go(origin);
      assert.ok(await poll(isThere, Boolean));
      await press("granted");
      const granted = await chosen();
      assert.equal(granted.how, "banner");
      await browser.go(`${origin}vane`);
      assert.ok((await names(browser)).includes("__gads"));
      assert.ok(await poll(isThere, Boolean));
      assert.equal(await browser.run(() => document.cookie.includes("__gads")), false, "no script can see it");
      await browser.run(() => window.placet.withdraw());
      await chosen(granted.id);
      const kept = await poll(() => names(browser), (kept) => !kept.includes("__gads"));
      assert.deepEqual(kept, ["placet", ...necessary]);
    }));

  test(`${engine}, no JavaScript: what is accepted passes, and what is refused then is taken away`, () =>
    visit(engine, { javascript: false }, async (browser) => {
      await browser.go(origin);
      assert.deepEqual(await names(browser), necessary);
      await browser.go(`${preferences}?return=/`);
      await browser.press("Accept all");
      assert.equal(await browser.driver.getCurrentUrl(), origin);
      assert.deepEqual(await names(browser), [...all, "placet", ...necessary].toSorted());
      assert.deepEqual(await reachedTheSite(browser), [...all, "placet", ...necessary].toSorted());
      await browser.go(preferences);
      await browser.press("Refuse all");
      assert.deepEqual(await names(browser), ["placet", ...necessary]);
      assert.deepEqual(await reachedTheSite(browser), ["placet", ...necessary]);
      assert.deepEqual(await names(browser), ["placet", ...necessary]);
    }));
}

const GPC = "Global Privacy Control";
const DNT = "Do Not Track";
// What each signal refuses, and whether a visitor who accepts all is believed in spite of it.
const sent = [
  { signals: { gpc: true, dnt: false }, refused: { gpc: ["marketing"] }, told: [GPC], stays: ["marketing"] },
  { signals: { gpc: false, dnt: true }, refused: { dnt: ["analytics", "marketing"] }, told: [DNT], stays: [] },
  {
    signals: { gpc: true, dnt: true },
    refused: { gpc: ["marketing"], dnt: ["analytics", "marketing"] },
    told: [GPC, DNT],
    stays: ["marketing"],
  },
];

for (const { signals, refused, told, stays } of sent) {
  test(`firefox: its own ${told.join(" and ")} is seen, told as honoured, and obeyed`, () =>
    visit("firefox", signals, async (browser) => {
      await browser.go(origin);
      assert.equal(await browser.run(() => navigator.globalPrivacyControl), signals.gpc);
      assert.deepEqual((await names(browser)).filter((name) => all.includes(name)), []);
      assert.deepEqual(await reachedTheSite(browser), necessary);

      const status = await browser.json("/.placet/status");
      assert.deepEqual(status.signals, { gpc: signals.gpc, dnt: signals.dnt ? "1" : null });
      for (const signal of ["gpc", "dnt"]) {
        const honoured = refused[signal] && { honoured: true, refused: refused[signal], overridden: [] };
        assert.deepEqual(status.responses[signal], honoured ?? null, signal);
      }

      await browser.go(`${preferences}?return=/`);
      assert.deepEqual(await browser.texts(".placet-signal strong"), told.map(() => "Opt-out request honoured"));
      const said = await browser.texts(".placet-signal");
      told.forEach((signal, n) => assert.ok(said[n].includes(`the signal “${signal}”`), said[n]));
      await browser.assertAccessible();

      await browser.press("Accept all");
      const passes = Object.keys(fromServer).filter((category) => !stays.includes(category));
      const kept = (await names(browser)).filter((name) => all.includes(name));
      assert.deepEqual(kept, passes.flatMap((category) => fromServer[category]).toSorted());
    }));
}
