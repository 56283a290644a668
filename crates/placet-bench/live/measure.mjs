// Audits a shop on loopback with placet and its peers, and prints tables: lines of fields with tabs between, first the
// table's name and the heads of its columns, then a line for each row.
//
//   node measure.mjs [--quick] [--only=TABLE] PLACET CHROMIUM PYTHON     the programs; PYTHON has the peers of PyPI
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { write } from "./browser.mjs";
import { memory } from "./processes.mjs";
import { TRUTHS, open } from "./site.mjs";
import { soak } from "./soak.mjs";

const words = process.argv.slice(2);
const [placet, chromium, python] = words.filter((word) => !word.startsWith("--"));
if (!python) throw new Error("expected: node measure.mjs [--quick] [--only=TABLE] PLACET CHROMIUM PYTHON");
const isQuick = words.includes("--quick");
const only = words.find((word) => word.startsWith("--only="))?.slice(7) ?? "";
const isWanted = (name) => name.includes(only);
const ROUNDS = isQuick ? 1 : 3;
const PAGES = 10;
const here = import.meta.dirname;
const folder = await mkdtemp(path.join(tmpdir(), "placet-live-bench-"));

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
const table = (name, rows) => rows.forEach((cells) => console.log([name, ...cells].join("\t")));

/** What an audit of placet says, as the names of truths. */
function ofPlacet(text) {
  const report = JSON.parse(text);
  const finding = (rule, subject) => report.findings.some((one) => one.rule == rule && (!subject || Object.values(one.subject).includes(subject)));
  const written = (pass, cookie, stage) => {
    const visit = report.visits.find(({ name }) => name == pass);
    return visit?.cookies.find((one) => one.name == cookie && (!stage || one.set.includes(stage)));
  };
  const found = (cookie) => report.findings.some((one) => one.subject.cookie == cookie && one.level != "note");
  return {
    script: found("_ga") && written("fresh", "_ga"),
    author: written("fresh", "_ga")?.set_by_script?.includes("/app.js"),
    http_only: found("_uetvid") && written("fresh", "_uetvid"),
    storage: finding("stored-without-consent", "_hjSession_1"),
    request: finding("called-without-consent", "static.hotjar.com"),
    third: found("uuid2"),
    deep: found("_gcl_au") && written("fresh", "_gcl_au"),
    banner: finding("banner-refuse-takes-more-clicks"),
    refused: finding("set-against-refusal", "_uetsid"),
    withdrawn: written("withdrawn", "_fbp", "refused") && found("_fbp"),
    gpc: finding("set-against-gpc", "_uetvid"),
    dnt: report.findings.some((one) => one.rule == "called-without-consent" && one.message.includes("`DNT: 1`")),
    honest: !report.findings.some((one) => one.subject.cookie == "session" && one.level != "note"),
  };
}

/** What `gdpr-cookie-scanner` says. */
function ofScanner(text) {
  const report = JSON.parse(text);
  const cookie = (list, name) => report[list].some((one) => one.name == name && one.requiresConsent);
  return {
    script: cookie("cookiesBeforeInteraction", "_ga"),
    http_only: cookie("cookiesBeforeInteraction", "_uetvid"),
    storage: text.includes("_hjSession_1"),
    request: report.networkBeforeInteraction.some((one) => one.url.includes("static.hotjar.com") && one.requiresConsent),
    third: cookie("cookiesBeforeInteraction", "uuid2"),
    deep: cookie("cookiesBeforeInteraction", "_gcl_au"),
    banner: report.compliance.issues.some((one) => one.type == "buried-reject"),
    refused: cookie("cookiesAfterReject", "_uetsid"),
    honest: !cookie("cookiesBeforeInteraction", "session"),
  };
}

/** What `cookieradar` says: its list of what was stored before a choice, and its sessions. */
function ofRadar(text) {
  const [, after] = text.split("Session 3");
  const violation = (name) => text.includes(`• cookie ${name} `);
  return {
    script: violation("_ga"),
    http_only: violation("_uetvid"),
    storage: text.includes("_hjSession_1"),
    request: /Session 1[^]*hotjar\.com[^]*Session 2/.test(text),
    third: violation("uuid2"),
    deep: violation("_gcl_au"),
    refused: /\b_uetsid\b/.test(after),
    honest: !violation("session"),
  };
}

/** What `gdpr-site-auditor` says: it reads the page and the header fields of its answer. */
const ofAuditor = (text) => ({
  http_only: text.includes("_uetvid") && !text.includes("no_tracking_cookies_before_consent"),
  request: text.includes("Hotjar"),
  honest: !/\bsession\b[^]*before/i.test(text),
});

/** What `headerpulse` says: it lists the cookies of one answer with their flags, and nothing of what they are for. */
const ofPulse = () => ({ honest: true });

const starter = path.join(here, "peers/installed_chromium.py");
const packaged = path.join(here, "peers/node_modules/@slashgear/gdpr-cookie-scanner");
const versionOf = async (name) => JSON.parse(await readFile(path.join(here, "peers/node_modules", name, "package.json"))).version;
const audit = (pages, ...more) => (url, browser) => [placet, "audit", url, "--browser", browser, "--format", "json", "--pages", String(pages), ...more];
const printed = (out) => out;
const RUNS = [
  { name: "placet", command: audit(PAGES), read: ofPlacet, text: printed },
  { name: "placet --watch 0", command: audit(PAGES, "--watch", "0"), read: ofPlacet, text: printed },
  { name: "placet --pages 1", command: audit(1), read: ofPlacet, text: printed },
  {
    name: "gdpr-cookie-scanner",
    command: (url, _, out) => ["node", "--import", path.join(here, "peers/installed_chromium.mjs"), path.join(packaged, "dist/cli.js"), "scan", url, "-f", "json", "-o", out],
    in: path.join(here, "peers"),
    read: ofScanner,
    text: async (_, out) => {
      const files = await readdir(out, { recursive: true });
      return readFile(path.join(out, files.find((file) => file.endsWith(".json"))), "utf8");
    },
  },
  {
    name: "cookieradar",
    command: (url, _, out) => [python, starter, "cookieradar.cli:app", "audit", url, "-o", `${out}.txt`],
    read: ofRadar,
    text: (_, out) => readFile(`${out}.txt`, "utf8"),
  },
  { name: "gdpr-site-auditor", command: (url) => [python, "-m", "gdpr_auditor.cli", url], read: ofAuditor, text: printed },
  { name: "headerpulse", command: (url) => [python, path.join(path.dirname(python), "headerpulse"), url], read: ofPulse, text: printed },
];

/** One run: seconds, the most memory of all its processes together, the pages it asked for, and what it says. */
async function measured(run, number) {
  const site = await open(PAGES);
  try {
    const browser = await write(folder, chromium, site.port);
    const out = path.join(folder, `${number}-${site.port}`);
    const [program, ...rest] = run.command(site.url, browser, out);
    const begun = performance.now();
    const child = spawn(program, rest, { cwd: run.in, env: { ...process.env, BENCH_CHROMIUM: browser }, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    let talk = "";
    child.stderr.setEncoding("utf8").on("data", (part) => (talk = (talk + part).slice(-2000)));
    child.stdout.setEncoding("utf8").on("data", (part) => (said += part));
    const ended = once(child, "close").then(() => true);
    let peak = 0;
    // Looking costs time itself, and the smallest tools are done before the second look.
    for (let wait = 50; !(await Promise.race([ended, sleep(wait)])); wait = Math.min(wait + 50, 400)) {
      const { own, others } = memory(child.pid);
      peak = Math.max(peak, own + others);
    }
    const seconds = (performance.now() - begun) / 1e3;
    try {
      return { seconds, peak, pages: site.asked(), found: run.read(await run.text(said, out)) };
    } catch (error) {
      throw new Error(`${run.name} said ${JSON.stringify(said.slice(0, 500))}, ${talk}`, { cause: error });
    }
  } finally {
    site.close();
  }
}

async function compare() {
  const all = RUNS.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [number, run] of RUNS.entries()) {
      console.error(`round ${round + 1} of ${ROUNDS}: ${run.name}`);
      all[number].push(await measured(run, number));
    }
  }
  const [ours] = all.map((runs) => median(runs.map(({ seconds }) => seconds)));
  const has = (runs, truth) => runs.every(({ found }) => found[truth]);
  const count = (runs) => TRUTHS.filter(([truth]) => has(runs, truth)).length;
  table("live_audit_of_ten_pages", [
    ["", "pages", "time", "× placet", "peak MB", `found of ${TRUTHS.length}`],
    ...RUNS.map(({ name }, number) => {
      const runs = all[number];
      const seconds = median(runs.map((run) => run.seconds));
      return [name, runs[0].pages, `${seconds.toFixed(1)} s`, (seconds / ours).toFixed(2), megabytes(median(runs.map((run) => run.peak))), count(runs)];
    }),
  ]);
  table("live_audit_findings", [["", ...RUNS.map(({ name }) => name)], ...TRUTHS.map(([truth, sentence]) => [sentence, ...all.map((runs) => (has(runs, truth) ? "yes" : "–"))])]);
}

async function flat() {
  const [count, every] = isQuick ? [50, 10] : [500, 50];
  const rows = await soak(placet, chromium, folder, count, every);
  table("live_audit_memory", [["pages", "placet MB", "browser MB", "processes"], ...rows.map((row) => [row.pages, megabytes(row.own), megabytes(row.others), row.processes])]);
}

try {
  const said = spawn(chromium, ["--version"], { stdio: ["ignore", "pipe", "ignore"] });
  const [version] = await once(said.stdout.setEncoding("utf8"), "data");
  const pinned = await readFile(path.join(here, "peers/requirements.txt"), "utf8");
  const ofPython = [...pinned.matchAll(/^(cookieradar|gdpr-site-auditor|headerpulse)==(\S+)/gm)].map(([, name, version]) => `${name} ${version}`);
  console.log([version.split(" ").slice(0, 2).join(" "), `gdpr-cookie-scanner ${await versionOf("@slashgear/gdpr-cookie-scanner")}`, ...ofPython].join(", "));
  if (isWanted("live_audit_of_ten_pages") || isWanted("live_audit_findings")) await compare();
  if (isWanted("live_audit_memory")) await flat();
} finally {
  await rm(folder, { recursive: true });
}
