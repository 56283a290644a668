// One choice for two sites of one owner, in three real browsers: each keeps the cookies of one site from
// the other, so that only the visitor's own way through redirects can carry the choice.
//
//   node sharing.mjs COMMAND...         what starts the example `several-sites`, without its arguments;
//                                       the browsers are those of browsers.mjs
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { engines, visit } from "./browsers.mjs";
import { freePort, poll, start } from "./program.mjs";

const [name, ...words] = process.argv.slice(2);
assert.ok(name, "found no command; expected: node sharing.mjs COMMAND...");

// Names under `localhost` are this machine in every browser, and each is a site of its own.
const port = await freePort();
const [shop, blog] = ["shop", "blog"].map((site) => `http://${site}.localhost:${port}`);
const folder = await mkdtemp(path.join(tmpdir(), "placet-sharing-"));
for (const site of ["shop", "blog"]) {
  const policy = {
    revision: 1,
    hosts: [`${site}.localhost`],
    shared_with: [shop, blog],
    consent_cookie: { secure: false },
    services: [{ id: "statistics", category: "analytics", cookies: [{ name: "visits" }] }],
  };
  await writeFile(path.join(folder, `${site}.json`), JSON.stringify(policy));
}
const { program } = await start(name, [...words, `127.0.0.1:${port}`, folder]);
test.after(async () => {
  await program.end();
  await rm(folder, { recursive: true });
});

/** The names of the cookies that reach a site, of which it tells as text. */
async function reached(browser, site) {
  await browser.go(`${site}/`);
  const [host, cookies] = (await browser.run(() => document.body.textContent)).trim().split(/: ?/);
  assert.equal(host, new URL(site).hostname);
  return cookies ? cookies.split("; ").map((cookie) => cookie.split("=")[0]) : [];
}

/** Presses a button of a site's preferences page, and says where that leads. */
async function choose(browser, site, button) {
  await browser.go(`${site}/.placet/preferences?return=/after`);
  await browser.press(button);
  return browser.driver.getCurrentUrl();
}

/** What a browser keeps for a site. */
async function kept(browser, site) {
  await browser.go(`${site}/`);
  return browser.cookies();
}

for (const engine of engines) {
  test(`${engine}: a choice made on one site holds on the other, and its withdrawal there holds on the first`, () =>
    visit(engine, {}, async (browser) => {
      for (const site of [shop, blog]) {
        await browser.go(`${site}/`);
        await browser.run(() => { document.cookie = "visits=1; path=/"; });
        assert.deepEqual(await reached(browser, site), [], "before a choice");
      }

      assert.equal(await choose(browser, shop, "Accept all"), `${shop}/after`);
      const accepted = (await kept(browser, shop)).placet;
      assert.deepEqual(await kept(browser, blog), { placet: accepted, visits: "1" }, "the same choice, and no nonce");
      for (const site of [shop, blog]) {
        assert.deepEqual((await reached(browser, site)).toSorted(), ["placet", "visits"], "after the grant");
      }

      // Choices tell the second at which they were made, and the later one stays.
      const second = () => Math.floor(Date.now() / 1000);
      const first = second();
      await poll(second, (now) => now > first);
      assert.equal(await choose(browser, blog, "Refuse all"), `${blog}/after`);
      const refused = (await kept(browser, blog)).placet;
      assert.notEqual(refused, accepted);
      for (const site of [shop, blog]) {
        assert.deepEqual(await kept(browser, site), { placet: refused }, "what was granted is taken away");
      }
    }));
}
