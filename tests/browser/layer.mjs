// The script tag on a site behind the real layer, in three real browsers: cookies with HttpOnly, which no script
// sees, go with a refusal, because the script tells the layer and the layer's answer expires them.
//
//   node layer.mjs FOLDER COMMAND...    the folder with `placet.js` and what it loads (`www/dist`), and what
//                                       starts the example `several-sites`, without its arguments;
//                                       the browsers are those of browsers.mjs
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { arrive, isGranted, isShown, names, press } from "./banner.mjs";
import { engines, visit } from "./browsers.mjs";
import { freePort, poll, start } from "./program.mjs";
import { startSite } from "./site.mjs";

const [folder, name, ...words] = process.argv.slice(2);
assert.ok(name, "found no command; expected: node layer.mjs FOLDER COMMAND...");

const policy = {
  revision: 1,
  hosts: ["shop.localhost"],
  consent_cookie: { secure: false },
  services: [
    { id: "shop", category: "necessary", cookies: [{ name: "session", http_only: true }] },
    { id: "counter", category: "analytics", cookies: [{ name: "_count*", http_only: true }] },
  ],
};
const policies = await mkdtemp(path.join(tmpdir(), "placet-layer-"));
await writeFile(path.join(policies, "shop.json"), JSON.stringify(policy));
await writeFile(path.join(policies, "blog.json"), JSON.stringify({ revision: 1, hosts: ["blog.localhost"], services: [] }));
const layerPort = await freePort();
const { program } = await start(name, [...words, `127.0.0.1:${layerPort}`, policies]);
const site = await startSite(folder);

// One host for both, as a proxy in front of them makes it.
const front = createServer((asked, response) => {
  const port = asked.url.startsWith("/.placet/") ? layerPort : site.port;
  const { url: path, method, headers } = asked;
  const passed = request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.writeHead(502).end());
  asked.pipe(passed);
});
await new Promise((listening) => front.listen(0, "127.0.0.1", listening));
const origin = `http://shop.localhost:${front.address().port}`;
after(async () => {
  front.close();
  site.close();
  await program.end();
  await rm(policies, { recursive: true });
});

const behind = site.add("", { head: site.tag(`data-endpoint="/.placet/choice"`, policy) });
const alone = site.add("", { head: site.tag("", policy) });
// A server of the site's that is not behind the layer, such as a login.
const headers = { "set-cookie": ["_count_server=1; Path=/; HttpOnly", "session=1; Path=/; HttpOnly"] };
const login = site.add("", { head: "", headers });

/** Says yes, gets the cookies of the server, and says no with the preferences. */
async function acceptAndRefuse(browser, page) {
  await arrive(browser, origin + page);
  await isShown(browser, "first");
  await press(browser, "granted");
  await isGranted(browser, "analytics");
  await isShown(browser, "reopen");
  await browser.go(origin + login);
  await arrive(browser, origin + page);
  assert.deepEqual(Object.keys(await browser.cookies()), ["_count_server", "placet", "session"]);
  assert.deepEqual((await names(browser)).filter((name) => name != "placet"), [], "scripts see none of them");
  await isShown(browser, "reopen");
  await press(browser, "show");
  await isShown(browser, "preferences");
  await press(browser, "refused");
}

for (const engine of engines) {
  test(`${engine}: a refusal on the page has the layer expire what no script can`, () =>
    visit(engine, {}, async (browser) => {
      await acceptAndRefuse(browser, behind);
      const left = await poll(async () => Object.keys(await browser.cookies()), (names) => !names.includes("_count_server"));
      assert.deepEqual(left, ["placet", "session"]);
      const { choice, categories } = await browser.json("/.placet/status");
      assert.equal(choice.how, "preferences");
      assert.ok(JSON.stringify(categories).includes("refused"));
    }));

  test(`${engine}: without the layer such a cookie stays`, () =>
    visit(engine, {}, async (browser) => {
      await acceptAndRefuse(browser, alone);
      await isShown(browser, "reopen");
      assert.deepEqual(Object.keys(await browser.cookies()), ["_count_server", "placet", "session"]);
    }));
}
