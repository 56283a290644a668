// The bridges in three real browsers: what each vendor's queue or function has been told, in which words and
// in which order, by visitors who come, accept, withdraw and come back, who send a signal, and who live
// where the law asks for an opt-out.
//
//   node bridges.mjs FOLDER             the folder with `placet.js` and what it loads (`www/dist`);
//                                       the browsers are those of browsers.mjs
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { Browser, engines, visit } from "./browsers.mjs";
import { poll } from "./program.mjs";
import { startSite } from "./site.mjs";

const [folder] = process.argv.slice(2);
assert.ok(folder, "found no folder; expected: node bridges.mjs FOLDER");
const site = await startSite(folder);
after(() => site.close());
const { origin, asked } = site;

/** The policy of the site with bridges, and what stands in for vendors that keep something. */
function policyOf(bridges) {
  const policy = structuredClone(site.policy);
  policy.services[0].storage.push("vendor");
  policy.services.push({ id: "language", category: "functional", cookies: [{ name: "language" }] });
  return { ...policy, bridges };
}

/** A page with what stands before the tag, the tag's attributes, what stands behind it, and the body. */
const page = (bridges, { before = "", attributes = "", behind = "", body = "", policy = policyOf(bridges) } = {}) =>
  site.add(body, { head: `${before}${site.tag(attributes, policy)}${behind}` });

const script = (text) => `<script>${text}</script>`;
const GPC = script(`Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true, configurable: true })`);

/** Opens a page, and waits until what holds has taken effect. */
async function open(browser, path) {
  await browser.go(origin + path);
  const said = await browser.driver.executeAsyncScript((done) =>
    window.placet.ready.then(() => done("ready"), (error) => done(error.message)),
  );
  assert.equal(said, "ready");
}

const choose = (browser, said) => browser.run((said) => window.placet.choose(said), said);

/** Nobody has been here. */
async function forget(browser) {
  await browser.driver.manage().deleteAllCookies();
  await browser.run(() => localStorage.removeItem("vendor"));
}

const GOOGLE_TYPES = [
  ["ad_storage", "ad_user_data", "ad_personalization"],
  ["analytics_storage"],
  ["functionality_storage", "personalization_storage"],
];
/** What Google is told of marketing, analytics and functional. */
const google = (...states) => Object.fromEntries(GOOGLE_TYPES.flatMap((types, at) => types.map((type) => [type, states[at]])));
const googleAll = (state) => google(state, state, state);
const googleDefault = (more) => ["consent", "default", { ...googleAll("denied"), security_storage: "granted", wait_for_update: 500, ...more }];
const ran = { event: "counter ran" };

const clarity = (ad_Storage, analytics_Storage) => ["consentv2", { ad_Storage, analytics_Storage }];
const SHOPIFY = ["loadFeatures", [{ name: "consent-tracking-api", version: "0.1" }]];
const shopify = (is) => ["setTrackingConsent", { preferences: is, analytics: is, marketing: is, sale_of_data: is }, "function"];

/** Shopify as a shop has it: it keeps what it is told from page to page. */
const SHOP = script(`
  window.told = [];
  window.Shopify = {
    loadFeatures(features, done) {
      told.push(["loadFeatures", features]);
      const kept = () => JSON.parse(localStorage.getItem("vendor") || "{}");
      Shopify.customerPrivacy = {
        currentVisitorConsent: () => ({ marketing: "", analytics: "", preferences: "", sale_of_data: "", ...kept() }),
        setTrackingConsent(consent, done) {
          told.push(["setTrackingConsent", consent, typeof done]);
          const said = Object.entries(consent).map(([purpose, is]) => [purpose, is ? "yes" : "no"]);
          localStorage.setItem("vendor", JSON.stringify({ ...kept(), ...Object.fromEntries(said) }));
          done();
        },
      };
      done(null);
    },
  };`);

/** Zaraz, which keeps what it is told too. */
const zaraz = (isReady) =>
  script(`
  window.told = [];
  const kept = () => JSON.parse(localStorage.getItem("vendor") || "{}");
  window.zaraz = { consent: {
    APIReady: ${isReady},
    getAll: kept,
    set(consent) {
      told.push(["set", consent]);
      localStorage.setItem("vendor", JSON.stringify({ ...kept(), ...consent }));
    },
    sendQueuedEvents: () => told.push(["sendQueuedEvents"]),
  } };`);

/** The pixel's own snippet, without what loads its script. */
const PIXEL = `
  !(function (f) {
    if (f.fbq) return;
    var n = (f.fbq = function () { n.callMethod ? n.callMethod.apply(n, arguments) : n.queue.push(arguments); });
    if (!f._fbq) f._fbq = n;
    n.push = n; n.loaded = !0; n.version = "2.0"; n.queue = [];
  })(window);
  fbq("init", "1"); fbq("track", "PageView");`;
const PIXELS_OWN = { init: ["init", "1"], track: ["track", "PageView"] };
const pixel = (...calls) => calls.map((call) => PIXELS_OWN[call] ?? ["consent", call]);

/**
 * What each bridge says. `fresh` is what a visitor finds who has never been here, of whom the law of the place asks
 * an opt-in; `accepted` and `withdrawn` follow on the same page; `refused` and `granted` are pages of a visitor who
 * comes back; `optOut` is a fresh visitor in California, `gpc` one with Global Privacy Control.
 */
const BRIDGES = [
  {
    vendor: "google",
    bridges: { google: { ads_data_redaction: true, url_passthrough: true } },
    behind: script(`window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); }
      gtag("js", "now"); gtag("config", "G-1");`),
    body: `<script type="text/plain" data-placet="counter">dataLayer.push({ event: "counter ran" })</script>`,
    // Google takes nothing for a command but the arguments of a function.
    read: () => dataLayer.map((entry) => (`${entry}` == "[object Arguments]" ? [...entry] : { ...entry })),
    isOwn: (entry) => ["js", "config"].includes(entry[0]),
    fresh: [googleDefault(), ["set", "ads_data_redaction", true], ["set", "url_passthrough", true]],
    accepted: [["consent", "update", googleAll("granted")], ran],
    withdrawn: [["consent", "update", googleAll("denied")]],
    refused: [googleDefault(), ["set", "ads_data_redaction", true], ["set", "url_passthrough", true]],
    granted: [
      ...[googleDefault(), ["set", "ads_data_redaction", true], ["set", "url_passthrough", true]],
      ...[["consent", "update", googleAll("granted")], ran],
    ],
    optOut: [
      ...[googleDefault(), ["set", "ads_data_redaction", true], ["set", "url_passthrough", true]],
      ...[["consent", "update", googleAll("granted")], ran],
    ],
    gpc: [
      ...[googleDefault(), ["set", "ads_data_redaction", true], ["set", "url_passthrough", true]],
      ...[["consent", "update", google("denied", "granted", "granted")], ran],
    ],
  },
  {
    vendor: "microsoft_uet",
    bridges: { microsoft_uet: {} },
    behind: script(`window.uetq = window.uetq || []; uetq.push("pageLoad");`),
    read: () => uetq,
    isOwn: (entry) => entry == "pageLoad",
    fresh: ["consent", "default", { ad_storage: "denied" }],
    accepted: ["consent", "update", { ad_storage: "granted" }],
    withdrawn: ["consent", "update", { ad_storage: "denied" }],
    refused: ["consent", "default", { ad_storage: "denied" }],
    granted: ["consent", "default", { ad_storage: "denied" }, "consent", "update", { ad_storage: "granted" }],
    optOut: ["consent", "default", { ad_storage: "denied" }, "consent", "update", { ad_storage: "granted" }],
    gpc: ["consent", "default", { ad_storage: "denied" }],
  },
  {
    vendor: "clarity",
    bridges: { clarity: {} },
    behind: script(`(function (c, a) { c[a] = c[a] || function () { (c[a].q = c[a].q || []).push(arguments); }; })(window, "clarity");`),
    read: () => (clarity.q || []).map((entry) => [...entry]),
    fresh: [clarity("denied", "denied")],
    accepted: [clarity("granted", "granted")],
    withdrawn: [clarity("denied", "denied")],
    refused: [clarity("denied", "denied")],
    granted: [clarity("granted", "granted")],
    optOut: [clarity("granted", "granted")],
    gpc: [clarity("denied", "granted")],
  },
  {
    vendor: "meta",
    bridges: { meta: {} },
    before: script(PIXEL),
    read: () => fbq.queue.map((entry) => [...entry]),
    fresh: pixel("revoke", "init", "track"),
    accepted: pixel("grant"),
    withdrawn: pixel("revoke"),
    refused: pixel("revoke", "init", "track"),
    granted: pixel("revoke", "init", "track", "grant"),
    optOut: pixel("revoke", "init", "track", "grant"),
    gpc: pixel("revoke", "init", "track"),
  },
  {
    vendor: "matomo",
    bridges: { matomo: {} },
    behind: script(`window._paq = window._paq || []; _paq.push(["trackPageView"]);`),
    read: () => _paq,
    isOwn: ([word]) => word == "trackPageView",
    fresh: [["requireConsent"]],
    accepted: [["setConsentGiven"]],
    withdrawn: [["forgetConsentGiven"]],
    refused: [["requireConsent"]],
    granted: [["requireConsent"], ["setConsentGiven"]],
    optOut: [["requireConsent"], ["setConsentGiven"]],
    gpc: [["requireConsent"], ["setConsentGiven"]],
  },
  {
    vendor: "matomo without cookies",
    bridges: { matomo: { cookieless: true } },
    read: () => _paq,
    fresh: [["requireCookieConsent"]],
    accepted: [["setCookieConsentGiven"]],
    withdrawn: [["forgetCookieConsentGiven"]],
    refused: [["requireCookieConsent"]],
    granted: [["requireCookieConsent"], ["setCookieConsentGiven"]],
    optOut: [["requireCookieConsent"], ["setCookieConsentGiven"]],
    gpc: [["requireCookieConsent"], ["setCookieConsentGiven"]],
  },
  {
    vendor: "shopify",
    bridges: { shopify: {} },
    before: SHOP,
    read: () => told,
    fresh: [],
    accepted: [SHOPIFY, shopify(true)],
    withdrawn: [SHOPIFY, shopify(false)],
    // It knows.
    refused: [SHOPIFY],
    granted: [SHOPIFY],
    optOut: [],
    gpc: [SHOPIFY, ["setTrackingConsent", { marketing: false, sale_of_data: false }, "function"]],
  },
  {
    vendor: "zaraz",
    bridges: { zaraz: { purposes: { Kdvf: "analytics", Uhbn: "marketing" } } },
    before: zaraz(true),
    read: () => told,
    fresh: [],
    accepted: [["set", { Kdvf: true, Uhbn: true }], ["sendQueuedEvents"]],
    withdrawn: [["set", { Kdvf: false, Uhbn: false }]],
    refused: [],
    granted: [],
    optOut: [["set", { Kdvf: true, Uhbn: true }], ["sendQueuedEvents"]],
    gpc: [["set", { Kdvf: true, Uhbn: false }], ["sendQueuedEvents"]],
  },
];

for (const engine of engines) {
  describe(engine, () => {
    let browser;
    before(async () => (browser = await Browser.open(engine)));
    after(() => browser?.close());
    beforeEach(async () => {
      await browser.go(`${origin}/any/thing`);
      await forget(browser);
    });

    for (const { vendor, bridges, before = "", behind, body, read, isOwn = () => false, ...expected } of BRIDGES) {
      test(`${engine}, ${vendor}: is told the default first, then each change once`, async () => {
        const path = page(bridges, { before, behind, body });
        /** Everything that was told, but for what the page said itself, which comes after what was told first. */
        const told = async (count) => {
          const all = await poll(() => browser.run(read), (all) => all.filter((entry) => !isOwn(entry)).length >= count);
          assert.ok(!isOwn(all[0] ?? []), "the page's own command comes first");
          return all.filter((entry) => !isOwn(entry));
        };
        const assertTold = async (...parts) => {
          const all = parts.flat();
          assert.deepEqual(await told(all.length), all);
        };
        const { fresh, accepted, withdrawn, refused, granted, optOut, gpc } = expected;

        await open(browser, path);
        await assertTold(fresh);
        await choose(browser, "granted");
        await assertTold(fresh, accepted);
        await choose(browser, "granted");
        await assertTold(fresh, accepted);
        await browser.run(() => window.placet.withdraw());
        await assertTold(fresh, accepted, withdrawn);

        await open(browser, path);
        await assertTold(refused);
        await choose(browser, "granted");
        await open(browser, path);
        await assertTold(granted);

        await forget(browser);
        const california = `data-region="US-CA"`;
        await open(browser, page(bridges, { before, behind, body, attributes: california }));
        await assertTold(optOut);
        await forget(browser);
        await open(browser, page(bridges, { before: GPC + before, behind, body, attributes: california }));
        await assertTold(gpc);
      });
    }

    test(`${engine}, google: the default stands before the script behind the tag runs, also where the policy comes later`, async () => {
      const own = script(`window.dataLayer = window.dataLayer || []; window.found = dataLayer.map(([word, what]) => word + " " + what);
        function gtag() { dataLayer.push(arguments); } gtag("js", "now");`);
      const found = () => browser.run(() => [window.found, dataLayer.map(([word, what]) => `${word} ${what}`)]);
      await open(browser, page({ google: {}, microsoft_uet: {} }, { behind: own }));
      assert.deepEqual(await found(), [["consent default"], ["consent default", "js now"]]);

      const address = `/policy-${site.pages.size}.json`;
      const markup = JSON.stringify(policyOf({ google: {} }));
      site.pages.set(address, { markup, headers: { "content-type": "application/json" } });
      await open(browser, site.add("", { head: `<script src="/placet.js" data-policy="${address}"></script>${own}` }));
      assert.deepEqual(await found(), [[], ["consent default", "js now"]]);
      // A container that was loaded before the tag reads what is pushed.
      const taken = script(`window.dataLayer = []; dataLayer.push = (...given) => { (window.pushed ??= []).push(given[0][1]); };`);
      await open(browser, page({ google: {} }, { before: taken }));
      assert.deepEqual(await browser.run(() => window.pushed), ["default"]);
    });

    test(`${engine}, google: where the default depends on the region, only Google's own holds until something is said`, async () => {
      const bridges = { google: { regions: ["DE", "US-CA"], wait_for_update: 2000 } };
      const read = () => browser.run(() => dataLayer.map((entry) => [...entry]));
      const wait_for_update = 2000;
      const path = page(bridges);
      const fresh = [
        googleDefault({ wait_for_update, region: ["DE", "US-CA"] }),
        ["consent", "default", { ...googleAll("granted"), security_storage: "granted", wait_for_update }],
      ];
      await open(browser, path);
      assert.deepEqual(await read(), fresh);
      await choose(browser, { marketing: false });
      const some = { ad_storage: "denied", ad_user_data: "denied", ad_personalization: "denied" };
      assert.deepEqual(await read(), [...fresh, ["consent", "update", some]]);
      // Who has said something, or sends a signal, is refused everywhere until it is known what holds.
      await open(browser, path);
      assert.deepEqual(await read(), [googleDefault({ wait_for_update })]);
      await forget(browser);
      await open(browser, page(bridges, { before: GPC }));
      assert.deepEqual(await read(), [googleDefault({ wait_for_update })]);
    });

    test(`${engine}, meta: a pixel that comes after the tag is told before its own first command`, async () => {
      const read = () => browser.run(() => window.fbq?.queue.map((entry) => [...entry]));
      const body = `<script type="text/plain" data-placet="film">${PIXEL}</script>`;
      await open(browser, page({ meta: {} }, { body }));
      assert.equal(await read(), null);
      await choose(browser, "granted");
      await poll(read, (told) => told?.length == 4);
      assert.deepEqual(await read(), pixel("revoke", "grant", "init", "track"));

      await forget(browser);
      await open(browser, page({ meta: {} }));
      await browser.run(`${PIXEL}`);
      assert.deepEqual(await read(), pixel("revoke", "init", "track"));
      assert.deepEqual(await browser.run(() => "value" in Object.getOwnPropertyDescriptor(window, "fbq")), true);
      await browser.run(() => {
        window.called = [];
        fbq.callMethod = (...given) => window.called.push(given);
      });
      await choose(browser, "granted");
      assert.deepEqual(await browser.run(() => window.called), pixel("grant"));

      // A snippet that looks at what it has made before that can be called.
      await forget(browser);
      await open(browser, page({ meta: {} }));
      await browser.run(() => {
        window.fbq = (...given) => window.fbq.queue.push(given);
        window.fbq.push = window.fbq;
        window.fbq.queue = [];
        window.fbq("init", "1");
      });
      assert.deepEqual(await read(), pixel("revoke", "init"));

      // What the tests of a page take back leaves nothing there.
      await open(browser, page({ meta: {} }));
      assert.deepEqual(await browser.run(() => ["fbq" in window, window.placet.restore(), "fbq" in window]), [true, null, false]);
    });

    test(`${engine}: vendors that come after the choice are told of it`, async () => {
      const { bridges, before, accepted } = BRIDGES.find(({ vendor }) => vendor == "zaraz");
      await open(browser, page(bridges, { before: before.replace("APIReady: true", "APIReady: false") }));
      await choose(browser, "granted");
      assert.deepEqual(await browser.run(() => told), []);
      await browser.run(() => {
        zaraz.consent.APIReady = true;
        document.dispatchEvent(new Event("zarazConsentAPIReady"));
        document.dispatchEvent(new Event("zarazConsentAPIReady"));
      });
      assert.deepEqual(await browser.run(() => told), accepted);

      await browser.run(() => localStorage.removeItem("vendor"));
      // The shop's script is the last of the page, and the choice is known long before it comes.
      await open(browser, page({ shopify: {} }, { body: `<script src="/run/late.js?delay=1500" defer></script>`, behind: SHOP.replace("window.Shopify =", "window.late =") }));
      await browser.run(() => {
        window.Shopify = window.late;
        window.dispatchEvent(new Event("load"));
      });
      assert.deepEqual(await browser.run(() => told), [SHOPIFY, shopify(true)]);
    });

    test(`${engine}: the site's own categories stand for the standard one that no service is in`, async () => {
      const policy = policyOf({ microsoft_uet: {} });
      policy.categories = [{ id: "ads" }, { id: "social", like: "marketing" }, { id: "unused", like: "marketing" }];
      policy.services.find(({ id }) => id == "film").category = "ads";
      policy.services.push({ id: "feed", category: "social" });
      await open(browser, page(undefined, { policy }));
      const read = () => browser.run(() => uetq.filter((entry) => entry.ad_storage).map((entry) => entry.ad_storage));
      await choose(browser, { ads: true, marketing: true });
      assert.deepEqual(await read(), ["denied"]);
      await choose(browser, { social: true });
      assert.deepEqual(await read(), ["denied", "granted"]);
      await choose(browser, { ads: false });
      assert.deepEqual(await read(), ["denied", "granted", "denied"]);
    });

    test(`${engine}: a vendor that is missing or fails disturbs neither the page nor the other vendors`, async () => {
      const purposes = { Kdvf: "analytics" };
      const all = { unknown: {}, google: {}, microsoft_uet: {}, clarity: {}, meta: {}, matomo: {}, shopify: {}, zaraz: { purposes } };
      const errors = script(`window.errors = []; addEventListener("error", (event) => errors.push(event.message));
        addEventListener("unhandledrejection", (event) => errors.push(event.reason.message));`);
      const failing = script(`
        const fail = () => { throw new Error("failed"); };
        window.dataLayer = { push: fail }; window._paq = { push: fail }; window.clarity = fail; window.fbq = fail;
        window.uetq = []; window.Shopify = { loadFeatures: fail };
        window.zaraz = { consent: { APIReady: true, getAll: fail } };`);
      const body = `<script type="text/plain" data-placet="counter">(window.ran ??= []).push("counter")</script>`;
      for (const before of [errors, errors + failing]) {
        await open(browser, page(all, { before, body }));
        await choose(browser, "granted");
        await poll(() => browser.run(() => window.ran), (ran) => ran);
        const [ran, uetq, thrown] = await browser.run(() => [window.ran, window.uetq, window.errors]);
        assert.deepEqual(ran, ["counter"]);
        assert.deepEqual(uetq, ["consent", "default", { ad_storage: "denied" }, "consent", "update", { ad_storage: "granted" }]);
        assert.deepEqual(thrown, []);
        await forget(browser);
      }
    });

    test(`${engine}: where the bridges cannot be loaded the page stays closed`, async () => {
      const body = `<script type="text/plain" data-placet="necessary">window.ran = true</script>`;
      const path = page({ clarity: {} }, { body });
      // No browser takes this for a script.
      site.pages.set("/placet-bridges.js", { markup: "", headers: { "content-type": "text/plain" } });
      try {
        await browser.go(origin + path);
        const ended = await browser.driver.executeAsyncScript((done) =>
          window.placet.ready.then(() => done("ready"), () => done("closed")),
        );
        assert.equal(ended, "closed");
        assert.equal(await browser.run(() => window.ran), null);
      } finally {
        site.pages.delete("/placet-bridges.js");
      }
    });

    test(`${engine}: without a bridge in the policy nothing is loaded for any, and no vendor is told`, async () => {
      const path = page(undefined);
      asked.length = 0;
      await open(browser, path);
      await choose(browser, "granted");
      const there = await browser.run(() => ["dataLayer", "uetq", "clarity", "fbq", "_paq"].filter((name) => name in window));
      assert.deepEqual(there, []);
      assert.ok(asked.includes("/placet.js") && !asked.includes("/placet-bridges.js"), `${asked}`);
    });
  });
}

test("firefox, google: its own Global Privacy Control refuses what is for ads", () =>
  visit("firefox", { gpc: true }, async (browser) => {
    await open(browser, page({ google: {} }, { attributes: `data-region="US-CA"` }));
    const told = await browser.run(() => dataLayer.map((entry) => [...entry]));
    assert.deepEqual(told, [googleDefault(), ["consent", "update", google("denied", "granted", "granted")]]);
  }));
