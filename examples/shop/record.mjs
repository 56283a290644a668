// Records shop.har with a real browser and headers.txt with curl: `npm install && node record.mjs`.
//
// Needs Node 20, Chromium (its path in CHROMIUM, else /usr/bin/chromium), openssl and curl. Every host name
// leads to this machine, so nothing leaves it.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

import { start } from "./server.mjs";

const HAR = new URL("shop.har", import.meta.url).pathname;
const HEADERS = new URL("headers.txt", import.meta.url).pathname;
const FIRST = "http://www.shop.example/?subscriber=visitor@mail.example";

/** A new profile that takes third-party cookies, as most visitors' browsers do and private windows do not. */
function profile() {
  const folder = mkdtempSync(join(tmpdir(), "shop-"));
  mkdirSync(join(folder, "Default"));
  const preferences = { profile: { cookie_controls_mode: 0 } };
  writeFileSync(join(folder, "Default", "Preferences"), JSON.stringify(preferences));
  return folder;
}

async function recordHar({ http, https }) {
  const folder = profile();
  const context = await chromium.launchPersistentContext(folder, {
    ignoreHTTPSErrors: true,
    recordHar: { path: HAR, content: "omit" },
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      `--host-resolver-rules=MAP *:80 127.0.0.1:${http},MAP *:443 127.0.0.1:${https}`,
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const [page] = context.pages();

  await page.goto(FIRST, { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "Reject all" }).click();
  await page.waitForLoadState("networkidle");

  await context.setExtraHTTPHeaders({ "Sec-GPC": "1" });
  const another = await context.newPage();
  await another.goto("https://www.shop.example/teapot", { waitUntil: "networkidle" });

  await context.close();
  rmSync(folder, { recursive: true });
  writeFileSync(HAR, `${JSON.stringify(JSON.parse(readFileSync(HAR, "utf8")), null, 1)}\n`);
}

/** The same visit to the shop itself, as `curl -i` prints it. */
async function recordHeaders({ http, https }) {
  const jar = `${HEADERS}.jar`;
  const curl = async (...request) => {
    const always = ["--silent", "--show-error", "--include", "--insecure", "--cookie-jar", jar, "--cookie", jar];
    const here = ["--connect-to", `:80:127.0.0.1:${http}`, "--connect-to", `:443:127.0.0.1:${https}`];
    const { stdout } = await promisify(execFile)("curl", [...always, ...here, ...request]);
    return `${stdout}\n`;
  };
  const said = [
    await curl("--location", FIRST),
    await curl("--data", "choice=reject", "https://www.shop.example/consent"),
    await curl("--header", "Sec-GPC: 1", "https://www.shop.example/teapot"),
    await curl("--header", "Sec-GPC: 1", "https://www.shop.example/reviews/teapot"),
  ];
  rmSync(jar);
  writeFileSync(HEADERS, said.join(""));
}

const servers = await start();
try {
  await recordHeaders(servers);
  await recordHar(servers);
} finally {
  servers.stop();
}
