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
for (const name of ["engine.js", "compiler/encode.js", "judge.js", "events.js"]) {
  const markup = await readFile(path.join(scripts, name));
  site.pages.set(`/src/${name}`, { markup, headers: { "content-type": "text/javascript" } });
}
site.pages.set("/questions", { markup: await readFile(questions), headers: { "content-type": "application/json" } });

/** Runs in the page: puts all questions to one form of the engine, and gives the first answers that differ. */
async function ask(form, done) {
  try {
    const { load } = await import("/src/engine.js");
    const { encode } = await import("/src/compiler/encode.js");
    const { REASONS } = await import("/src/judge.js");
    const bytes = (name) => async () => {
      if (form == "js") throw new Error("not asked for");
      return (await fetch(name)).arrayBuffer();
    };
    const { now, lines, names, urls, conditions, cases } = await (await fetch("/questions")).json();
    const [engine, runs] = await load(bytes("/placet.wasm"), () => import("/placet-fallback.js"));
    const [compiler] = await load(bytes("/placet-compiler.wasm"), () => import("/placet-compiler-fallback.js"));
    const different = [];
    let asked = 0;
    const compare = (about, found, expected) => {
      asked += 1;
      if (`${found}` != `${expected}` && different.length < 5) different.push([about, `${found}`, `${expected}`]);
    };
    for (const { policy, signals, region, cookies, ...answers } of cases) {
      const about = JSON.stringify([policy.revision, signals, region, cookies]);
      const compiled = compiler.compile(encode(policy));
      compare(`${about} compiled`, compiled, answers.compiled);
      compare(about, engine.start(compiled, signals, region, cookies, now), 1);
      const [flags, count, ...holds] = engine.view();
      compare(`${about} asks`, !!(flags & 1), answers.asks);
      compare(`${about} notes`, !!(flags & 2), answers.notes);
      const decisions = ["refused", "undecided", "granted"];
      const said = Array.from({ length: count }, (_, at) => [decisions[holds[2 * at]], REASONS[holds[2 * at + 1]]]);
      compare(`${about} holds`, said, answers.holds);
      lines.forEach((line, at) => compare(`${about} ${line}`, engine.cookieWritten(line, now), answers.lines[at]));
      names.forEach((name, at) => compare(`${about} ${name}`, engine.storage(name), answers.names[at]));
      answers.urls.forEach((expected, kind) => {
        urls.forEach((url, at) => compare(`${about} ${kind} ${url}`, engine.address(kind, url), expected[at]));
      });
      conditions.forEach((one, at) => compare(`${about} ${one}`, engine.allows(one), answers.conditions[at]));
    }
    done({ runs, asked, different });
  } catch (error) {
    done({ error: `${error} ${error.stack}` });
  }
}

for (const engine of engines) {
  test(`${engine}: the engine in the page answers as the native one does`, () =>
    visit(engine, {}, async (browser) => {
      await browser.go(site.origin + site.add("", { head: "" }));
      for (const form of ["wasm", "js"]) {
        const { error, runs, asked, different } = await browser.driver.executeAsyncScript(ask, form);
        assert.equal(error, undefined);
        assert.deepEqual(different, []);
        assert.equal(runs, form);
        assert.ok(asked > 100_000, `asked ${asked} questions only`);
      }
    }));
}
