// The engine of the page gives the answers of the native one, in three real browsers, as WebAssembly and
// as JavaScript: on every question that `cargo run -p placet-web --example verdicts` writes.
//
//   node same.mjs FOLDER QUESTIONS      the folder with the engine and the compiler of policies
//                                       (`www/dist`); the browsers are those of browsers.mjs
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, test } from "node:test";
import { engines, visit } from "./browsers.mjs";
import { startSite } from "./site.mjs";

const [folder, questions] = process.argv.slice(2);
assert.ok(questions, "found no questions; expected: node same.mjs FOLDER QUESTIONS");
const site = await startSite(folder);
after(() => site.close());

const scripts = path.join(import.meta.dirname, "../../www/src");
for (const name of ["engine.js", "compiler/encode.js", "judge.js", "about.js", "events.js"]) {
  const markup = await readFile(path.join(scripts, name));
  site.pages.set(`/src/${name}`, { markup, headers: { "content-type": "text/javascript" } });
}
site.pages.set("/questions", { markup: await readFile(questions), headers: { "content-type": "application/json" } });

/** Runs in the page: puts all questions to one form of the engine, and gives the first answers that differ. */
async function ask(form, done) {
  try {
    const { load } = await import("/src/engine.js");
    const { encode } = await import("/src/compiler/encode.js");
    const { ALL, COOKIE, EXPRESSION, REASONS, STORAGE, isLeft } = await import("/src/judge.js");
    const bytes = (name) => async () => {
      if (form == "js") throw new Error("not asked for");
      return (await fetch(name)).arrayBuffer();
    };
    // The engine of a first visit stands in the script as a text, with the bits of its first byte, which is 0, turned in all.
    const first = async () => {
      const [literal] = /"0QC\](?:[^"\\]|\\.)*"/.exec(await (await fetch("/placet.js")).text());
      const [turned, ...others] = [...Function(`return ${literal}`)()].map((character) => character.charCodeAt());
      return Uint8Array.from([turned, ...others], (byte) => byte ^ turned);
    };
    const { now, lines, names, urls, conditions, cases } = await (await fetch("/questions")).json();
    const [engine, runs] = await load(form == "first" ? first : bytes("/placet.wasm"), () => import("/placet-fallback.js"));
    const [compiler] = await load(bytes("/placet-compiler.wasm"), () => import("/placet-compiler-fallback.js"));
    const different = [];
    let asked = 0;
    let left = 0;
    const compare = (about, found, expected) => {
      asked += 1;
      if (`${found}` != `${expected}` && different.length < 5) different.push([about, `${found}`, `${expected}`]);
    };
    for (const { policy, signals, region, cookies, ...answers } of cases) {
      const about = JSON.stringify([policy.revision, signals, region, cookies]);
      const compiled = compiler.take(compiler("compile", [encode(policy)]));
      compare(`${about} compiled`, compiled, answers.compiled);
      const started = engine("start", [compiled, region, cookies], signals, now);
      // What a first visit is not, its engine leaves to the whole one.
      if (form == "first" && started == 2) {
        left += 1;
        continue;
      }
      compare(about, started, 1);
      const verdict = (kind, text) => engine("ask", [text], kind, now);
      const [flags, count, ...holds] = engine.take(verdict(ALL, ""));
      compare(`${about} asks`, !!(flags & 1), answers.asks);
      compare(`${about} notes`, !!(flags & 2), answers.notes);
      const decisions = ["refused", "undecided", "granted"];
      const said = Array.from({ length: count }, (_, at) => [decisions[holds[2 * at]], REASONS[holds[2 * at + 1]]]);
      compare(`${about} holds`, said, answers.holds);
      lines.forEach((line, at) => {
        const found = verdict(COOKIE, line);
        if (form == "first" && isLeft(found)) left += 1;
        else compare(`${about} ${line}`, found, answers.lines[at]);
      });
      names.forEach((name, at) => compare(`${about} ${name}`, verdict(STORAGE, name), answers.names[at]));
      answers.urls.forEach((expected, kind) => {
        urls.forEach((url, at) => compare(`${about} ${kind} ${url}`, verdict(kind, url), expected[at]));
      });
      conditions.forEach((one, at) => compare(`${about} ${one}`, verdict(EXPRESSION, one), answers.conditions[at]));
    }
    done({ runs, asked, left, different });
  } catch (error) {
    done({ error: `${error} ${error.stack}` });
  }
}

for (const engine of engines) {
  test(`${engine}: the engine in the page answers as the native one does`, () =>
    visit(engine, {}, async (browser) => {
      await browser.go(site.origin + site.add("", { head: "" }));
      for (const form of ["wasm", "first", "js"]) {
        const { error, runs, asked, left, different } = await browser.driver.executeAsyncScript(ask, form);
        assert.equal(error, undefined);
        assert.deepEqual(different, []);
        assert.equal(runs, form == "js" ? "js" : "wasm");
        if (form == "first") assert.ok(asked > 5_000 && left < asked, `left ${left} of ${asked + left} questions to the whole engine`);
        else assert.ok(asked > 100_000, `asked ${asked} questions only`);
      }
    }));
}
