// Measures what a first visitor downloads and waits for, placet beside its peers, and prints tables: lines of
// fields with tabs between, first the table's name and the heads of its columns, then a line for each row.
//
//   node measure.mjs [--quick] [--only=TABLE] FOLDER COMMAND…     `www/dist`, and the words that start `placet`
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { banners, page, policy, version } from "./banners.mjs";
import { THROTTLE, launch, serve, visit } from "./browser.mjs";
import { cookieWrites } from "./cookies.mjs";
import { scores } from "./lighthouse.mjs";
import { launchUnwatched } from "./unwatched.mjs";

const words = process.argv.slice(2);
const flags = words.filter((word) => word.startsWith("--") && word != "--");
const [folder, ...command] = words.slice(words.indexOf(words.find((word) => !word.startsWith("--"))));
assert.ok(command.length, "expected: node measure.mjs [--quick] [--only=TABLE] FOLDER COMMAND…");
const isQuick = flags.includes("--quick");
const only = flags.find((flag) => flag.startsWith("--only="))?.slice(7) ?? "";
const ROUNDS = isQuick ? 3 : 11;
const pictures = path.join(import.meta.dirname, "../../target/www-bench");

const made = await mkdtemp(path.join(tmpdir(), "placet-www-bench-"));
await writeFile(path.join(made, "placet.json"), JSON.stringify(policy));
/** What `placet bundle` writes. */
function bundle(name, ...options) {
  const [program, ...rest] = command;
  const run = spawnSync(program, [...rest, "bundle", "--policy", path.join(made, "placet.json"), ...options, "-o", path.join(made, name)], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr || String(run.error));
}
bundle("placet.js", "--langs", "en");
bundle("placet.policy", "--compiled");

const compiled = await readFile(path.join(made, "placet.policy"), "utf8");
const candidates = Object.entries(banners(folder, compiled));
const pages = new Map([["/made/", { folder: made }], ["/demo/", { folder: path.join(import.meta.dirname, "../demo") }], ["/dist/", { folder }]]);
const paths = new Map();
for (const [number, [name, banner]] of candidates.entries()) {
  paths.set(name, `/${number}/`);
  pages.set(`/${number}/`, { body: page(banner), folder: banner.folder });
}
const site = await serve(pages);
const browser = await launch();

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const grouped = (number) => String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, " ");
const milliseconds = (seconds) => (seconds === undefined ? "" : `${(seconds * 1e3).toFixed(seconds < 0.01 ? 2 : 1)} ms`);
const ratio = (value, base) => (value === undefined ? "" : (value / base).toFixed(2));
const table = (name, heads, rows) => [heads, ...rows].forEach((cells) => console.log([name, ...cells].join("\t")));
const isWanted = (name) => name.includes(only);
const say = (text) => console.error(text);

/** What each file takes on the wire. */
async function sizes() {
  const all = [];
  for (const [name, banner] of candidates) {
    if (!banner.selector) continue;
    const files = await visit(browser, site.origin + paths.get(name), banner, async ({ page, responses }) => {
      await mkdir(pictures, { recursive: true });
      await page.screenshot({ path: path.join(pictures, `${name.replace(/\W+/g, "-")}.png`) });
      const files = [];
      for (const response of responses) {
        const { pathname } = new URL(response.url());
        assert.ok(response.ok(), `${name}: ${pathname} was answered with ${response.status()}`);
        // The page and the policy are the site's own.
        if (pathname == paths.get(name) || pathname.endsWith(".policy") || pathname == "/favicon.ico") continue;
        const bytes = await response.body();
        const brotli = brotliCompressSync(bytes, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
        });
        files.push({ file: path.basename(pathname), raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli.length });
      }
      return files;
    });
    all.push({ name, files });
  }
  const sum = ({ files }, what) => files.reduce((bytes, file) => bytes + file[what], 0);
  all.sort((a, b) => sum(a, "brotli") - sum(b, "brotli"));
  const ours = sum(all.find(({ name }) => name == "placet"), "brotli");
  const heads = ["raw", "gzip 9", "brotli 11"];
  const kinds = ["raw", "gzip", "brotli"];
  table("www_first_visit_bytes", ["", "files", ...heads, "× placet"], all.map((one) => [one.name, one.files.length, ...kinds.map((kind) => grouped(sum(one, kind))), ratio(sum(one, "brotli"), ours)]));
  table("www_first_visit_files", ["", ...heads], all.flatMap(({ name, files }) => files.map((file) => [`${name}: ${file.file}`, ...kinds.map((kind) => grouped(file[kind]))])));
}

/** Script time, the time until the banner is seen, and what moved: the rows take turns. */
async function speed() {
  const unwatched = await launchUnwatched();
  const measured = new Map(candidates.map(([name]) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    say(`round ${round + 1} of ${ROUNDS}`);
    for (const [name, banner] of candidates) {
      const { of, at, shift } = await unwatched.visit(site.origin + paths.get(name), banner);
      measured.get(name).push({ script: of("ScriptDuration") + of("V8CompileDuration"), thread: of("TaskDuration"), at: at && at / 1e3, shift });
    }
  }
  await unwatched.close();
  const rows = [...measured].map(([name, all]) => {
    const of = (what) => (all[0][what] === undefined ? undefined : median(all.map((one) => one[what])));
    return { name, script: of("script"), thread: of("thread"), at: of("at"), shift: of("shift") };
  });
  const floor = rows.find(({ name }) => name.startsWith("floor"));
  for (const row of rows) if (row != floor) row.own = row.script - floor.script;
  rows.sort((a, b) => a.script - b.script);
  const ours = rows.find(({ name }) => name == "placet");
  table(
    "www_first_visit_time",
    ["", "script", "over floor", "× placet", "main thread", "banner seen", "× placet", "layout shift"],
    rows.map(({ name, script, own, thread, at, shift }) => [
      ...[name, milliseconds(script), own === undefined ? "" : milliseconds(own), ratio(own, ours.own), milliseconds(thread)],
      ...[milliseconds(at), ratio(at, ours.at), at === undefined ? "" : shift.toFixed(3)],
    ]),
  );
}

try {
  console.log(`Chromium ${browser.version()}, ${(await Promise.all(["vanilla-cookieconsent", "orejime", "klaro", "tarteaucitronjs"].map(async (name) => `${name} ${await version(name)}`))).join(", ")}`);
  if (isWanted("www_first_visit_bytes") || isWanted("www_first_visit_files")) await sizes();
  if (isWanted("www_first_visit_time")) await speed();
  if (isWanted("www_cookie_write")) {
    const rows = await cookieWrites(browser, site.origin + paths.get("placet"), site.origin + paths.get("floor: no banner"), ROUNDS);
    const micro = (seconds) => (seconds === undefined ? "" : `${(seconds * 1e6).toFixed(2)} µs`);
    table("www_cookie_write", ["", "time", `time, ${THROTTLE} × slower`], rows.map(({ name, fast, slow }) => [name, micro(fast), micro(slow)]));
  }
  if (isWanted("www_lighthouse")) {
    const rows = await scores(`${site.origin}/demo/script-tag.html`, isQuick ? 1 : 3);
    table("www_lighthouse", ["", "score"], rows);
  }
} finally {
  await browser.close();
  site.close();
  await rm(made, { recursive: true });
}
