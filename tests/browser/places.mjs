// The script tag where less works than elsewhere, in three real browsers: cookies are blocked, the page is in an
// older encoding, has no origin of its own, is a file, has no domain, or the server does not take the choice.
// Nothing breaks, and the choice holds for as long as it can.
//
//   node places.mjs FOLDER              the folder with `placet.js` and what it loads (`www/dist`);
//                                       the browsers are those of browsers.mjs
import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { allows, arrive, failed, GATHER, isGranted, isShown, names, press, ran, ready } from "./banner.mjs";
import { engines, visit } from "./browsers.mjs";
import { freePort, poll } from "./program.mjs";
import { startSite } from "./site.mjs";

const [folder] = process.argv.slice(2);
assert.ok(folder, "found no folder; expected: node places.mjs FOLDER");
const site = await startSite(folder);
const files = await mkdtemp(path.join(tmpdir(), "placet-places-"));
after(async () => {
  site.close();
  await rm(files, { recursive: true });
});
const { origin, port } = site;

const COUNTS = `<script type="text/plain" data-placet="analytics">(window.ran ??= []).push("counts")</script>`;
const plain = site.add(COUNTS, { head: GATHER + site.tag() });
// With the policy's own words, the consent cookie is for secure connections alone.
const secure = site.add(COUNTS, { head: GATHER + site.tag("", { ...site.policy, consent_cookie: {} }) });

/** Says yes with the banner, and sees that it holds. */
async function accept(browser) {
  await isShown(browser, "first");
  await press(browser, "granted");
  await isGranted(browser, "analytics");
  assert.deepEqual(await ran(browser, 1), ["counts"]);
  await isShown(browser, "reopen");
}

/** Listens late, and gives what is told. */
const told = (browser, kind) =>
  browser.driver.executeAsyncScript((kind, done) => window.placet.on(kind, (detail) => done([kind, detail ?? null])), kind);

for (const engine of engines) {
  const rule = (says, act, options = {}) => test(`${engine}: ${says}`, () => visit(engine, options, act));

  rule(
    "where cookies are blocked a choice holds for the page, and the next asks again",
    async (browser) => {
      await arrive(browser, origin + plain);
      await browser.run(() => (document.cookie = "session=1"));
      await accept(browser);
      assert.deepEqual(await browser.cookies(), {});
      await browser.run(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
      assert.equal(await allows(browser, "analytics"), true);
      await browser.run(() => window.placet.withdraw());
      assert.equal(await allows(browser, "analytics"), false);
      await browser.run(() => window.placet.choose("granted"));
      assert.deepEqual(await failed(browser), []);
      await arrive(browser, origin + plain);
      await isShown(browser, "first");
      assert.deepEqual(await ran(browser), []);
    },
    { cookies: false },
  );

  rule("in a sandboxed frame without an origin a choice holds for the page", async (browser) => {
    const inner = `${GATHER}${site.tag()}<script>
      const read = () => { try { return document.cookie } catch (error) { return error.name } };
      placet.ready.then(() => {
        const tell = () => parent.postMessage({ kind: document.documentElement.dataset.placetEngine, allows: placet.allows("analytics"), cookie: read(), failed }, "*");
        placet.choose("granted").then(() => setTimeout(tell, 500));
      }, (error) => parent.postMessage({ error: error.message }, "*"));
    </script>`;
    const frame = site.add(COUNTS, { head: inner });
    const head = `<script>addEventListener("message", ({ data }) => (window.told = data))</script>`;
    const outer = site.add(`<iframe title="Sandboxed" sandbox="allow-scripts" src="${frame}"></iframe>`, { head });
    await browser.go(origin + outer);
    const said = await poll(() => browser.run(() => window.told ?? null), (said) => said);
    assert.deepEqual(said, { kind: "wasm", allows: true, cookie: "SecurityError", failed: [] });
  });

  rule("on a page that is a file a choice holds for the page, and nothing passes where the engine cannot be read", async (browser) => {
    const markup = (tag) => `<!doctype html><html lang="en"><title>File</title>${GATHER}${tag}<h1>File</h1>${COUNTS}`;
    const remote = path.join(files, "remote.html");
    await writeFile(remote, markup(site.tag().replace(`"/placet.js"`, `"${origin}/placet.js"`)));
    await arrive(browser, pathToFileURL(remote).href);
    await accept(browser);
    assert.deepEqual(await failed(browser), []);

    await cp(folder, path.join(files, engine), { recursive: true });
    const local = path.join(files, engine, "local.html");
    await writeFile(local, markup(site.tag().replace(`"/placet.js"`, `"placet.js"`)));
    await browser.go(pathToFileURL(local).href);
    const runs = (await ready(browser)) == "ready";
    // Where nothing runs, that is how it ends.
    await browser.run(() => window.placet.choose("granted").catch(() => {}));
    if (runs) await isGranted(browser, "analytics");
    else assert.equal(await allows(browser, "analytics"), false);
    assert.deepEqual(await ran(browser, +runs), runs ? ["counts"] : []);
    assert.deepEqual(await failed(browser), []);
  });

  for (const encoding of ["windows-1252", "shift_jis", "euc-jp", "gbk", "big5", "iso-2022-jp"]) {
    rule(`a page in ${encoding} reads the script and the engine in it as they are`, async (browser) => {
      const page = site.add(COUNTS, { head: GATHER + site.tag(), headers: { "content-type": `text/html; charset=${encoding}` } });
      await arrive(browser, origin + page);
      await accept(browser);
      assert.equal(await browser.run(() => document.documentElement.dataset.placetEngine), "wasm");
      assert.deepEqual(await failed(browser), []);
    });
  }

  for (const host of ["127.0.0.1", "localhost"]) {
    rule(`on the host ${host} a choice is kept, and a refusal takes back what was set`, async (browser) => {
      const address = `http://${host}:${port}`;
      await arrive(browser, address + plain);
      await accept(browser);
      await browser.run(() => (document.cookie = "_count=1; path=/"));
      await arrive(browser, address + plain);
      await isShown(browser, "reopen");
      assert.deepEqual(await names(browser), ["_count", "placet"]);
      await browser.run(() => window.placet.withdraw());
      assert.deepEqual(await names(browser), ["placet"]);
      assert.deepEqual(await failed(browser), []);

      await browser.driver.manage().deleteAllCookies();
      await arrive(browser, address + secure);
      await accept(browser);
      assert.deepEqual(await failed(browser), []);
    });
  }

  rule("a choice is sent to the endpoint, once more where that fails, and beyond the end of the page", async (browser) => {
    // What the page's own `fetch` is given, as it is there before the tag.
    const record = `<script>
      const own = window.fetch; window.sent = [];
      window.fetch = (...given) => { if (given[1]) sent.push(given); return own(...given) };
    </script>`;
    const endpoint = `/choice/${engine}`;
    site.pages.set(endpoint, { markup: "{}", headers: { "content-type": "application/json" }, statuses: [503] });
    await arrive(browser, origin + site.add("", { head: record + site.tag(`data-endpoint="${endpoint}"`) }));
    await isShown(browser, "first");
    await press(browser, "granted");
    const posted = () => site.posted.filter((one) => one.path == endpoint);
    await poll(posted, ({ length }) => length >= 2);
    const optional = { functional: "granted", analytics: "granted", marketing: "granted" };
    // The name of the choice is that of the cookie, each time, and the texts were English.
    const first = await browser.run(() => /placet=([^;]*)/.exec(document.cookie)[1]);
    const [id] = /(?<=\.)[0-9a-f]{32}(?=\.)/.exec(first);
    const expected = { path: endpoint, body: { categories: optional, how: "banner", id, language: "en" } };
    assert.deepEqual(posted(), [expected, expected]);
    const sent = await browser.run(() => window.sent.map(([url, { method, keepalive }]) => ({ url, method, keepalive })));
    assert.deepEqual(sent, [0, 1].map(() => ({ url: endpoint, method: "POST", keepalive: true })));
    // Taken the second time.
    await browser.run(() => window.placet.on("unsaved", () => (window.isUnsaved = true)));
    assert.equal(await browser.run(() => window.isUnsaved ?? false), false);

    await browser.run((next) => {
      window.placet.choose({ marketing: false });
      location.href = next;
    }, plain);
    await poll(posted, ({ length }) => length >= 3);
    const { id: next, ...later } = posted()[2]?.body ?? {};
    assert.deepEqual(later, { categories: { marketing: "refused" }, how: "api", follows: first });
    assert.match(next, /^[0-9a-f]{32}$/);
    assert.notEqual(next, id);
  });

  rule("a choice whose receipt the server has nowhere is told as unrecorded, and holds", async (browser) => {
    for (const [word, expected] of [["nowhere", true], ["ledger", false]]) {
      const endpoint = `/${word}/${engine}`;
      site.pages.set(endpoint, { markup: "{}", headers: { "content-type": "application/json", "placet-receipt": word } });
      await arrive(browser, origin + site.add("", { head: GATHER + site.tag(`data-endpoint="${endpoint}"`) }));
      await browser.run(() => window.placet.choose("granted"));
      await poll(() => site.posted.filter(({ path }) => path == endpoint), ({ length }) => length == 1);
      if (expected) assert.deepEqual(await told(browser, "unrecorded"), ["unrecorded", null]);
      await isGranted(browser, "analytics");
      const isUnrecorded = await browser.run(() => {
        let isTold = false;
        window.placet.on("unrecorded", () => (isTold = true));
        return isTold;
      });
      assert.equal(isUnrecorded, expected);
      assert.deepEqual(await failed(browser), []);
    }
  });

  rule("a choice that the endpoint does not take holds even so, and who listens late is told", async (browser) => {
    const endpoint = `/refuses/${engine}`;
    site.pages.set(endpoint, { markup: "{}", statuses: [500, 500] });
    const nobody = `http://127.0.0.1:${await freePort()}/`;
    for (const address of [endpoint, nobody]) {
      await arrive(browser, origin + site.add(COUNTS, { head: GATHER + site.tag(`data-endpoint="${address}"`) }));
      await browser.run(() => window.placet.choose("granted"));
      await poll(() => site.posted.filter(({ path }) => path == address).length, (count) => address == nobody || count == 2);
      // Twice in vain: only then it is told.
      assert.deepEqual(await told(browser, "unsaved"), ["unsaved", null]);
      await isGranted(browser, "analytics");
      assert.deepEqual(await names(browser), ["placet"]);
      assert.deepEqual(await ran(browser, 1), ["counts"]);
      assert.deepEqual(await told(browser, "ready"), ["ready", { engine: "wasm" }]);
      const [, { categories }] = await told(browser, "change");
      assert.equal(categories.analytics.decision, address == endpoint ? "undecided" : "granted", "the first change is told first");
      assert.deepEqual(await failed(browser), []);
    }
    assert.equal(site.posted.filter(({ path }) => path == endpoint).length, 2);
  });
}
