// Makes what a site serves out of the sources here, the texts of `crates/placet-texts`, and the engine.
//
//   node build.mjs ENGINES FOLDER COMPILER      the folder with the engine and the compiler of policies, each as
//                                               WebAssembly and as JavaScript, and what compiled them
//
// `cargo xtask www` builds them and calls this.
import { build } from "esbuild";
import { minify } from "terser";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [engines, folder, compiler] = process.argv.slice(2);
if (!compiler) throw new Error("expected: node build.mjs ENGINES FOLDER COMPILER");
const here = import.meta.dirname;
const texts = path.join(here, "../crates/placet-texts/locales");

/** What the page shows of the texts of one language: on the first layer, in notes, and in the preferences. */
function shown(tag, { direction, title, intro, refuse_all, accept_all, save, saved, allow, signal, state, category, service, duration, banner }) {
  const { text, choose, policy, close, reopen, honoured, reload, reload_now, placeholder, show, details } = banner;
  return {
    tag,
    direction,
    title,
    refuse_all,
    accept_all,
    text,
    choose,
    policy,
    notes: { close, reopen, saved, honoured, reload, reload_now },
    preferences: {
      close,
      intro,
      save,
      allow,
      signal: { honoured: signal.honoured, gpc: signal.gpc, dnt: signal.dnt, may_allow: signal.may_allow, final: signal.final },
      state: { always: state.always },
      category,
      service: {
        vendor: service.vendor,
        cookie: service.cookie,
        lifetime: service.lifetime,
        purpose: service.purpose,
        session: duration.session,
        unknown: duration.unknown,
      },
      placeholder,
      show,
      details,
    },
  };
}

const textsOf = async (tag) => shown(tag, JSON.parse(await readFile(path.join(texts, `${tag}.json`), "utf8")));
const tags = (await readdir(texts)).filter((file) => file.endsWith(".json")).map((file) => path.basename(file, ".json")).sort();

/** The engine of a first visit, which stands in the script as a text with a character for each byte. Some bits of each are turned, so
 * that most bytes are visible ones, and what is not the same everywhere is escaped: what pages in some encoding would read with
 * its neighbours, and what would end a script that stands in a page. */
const FIRST = "placet-first.wasm";
/** Of all numbers the one that makes the script the smallest. */
const MASK = 48;
const ESCAPES = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r" };
const escaped = (one) => ESCAPES[one] ?? `\\x${one.charCodeAt().toString(16).padStart(2, 0).toUpperCase()}`;
const masked = (await readFile(path.join(engines, FIRST))).map((byte) => byte ^ MASK);
const firstEngine = masked.toString("latin1").replace(/["\\\n\r\0\x0e\x0f\x1b\x80-\xff]|<(?=[!/])/g, escaped);

/** Puts the engine in the place of its name, which no tool writes as briefly. */
function withEngine(code) {
  const [before, behind, ...more] = code.split(JSON.stringify(FIRST));
  if (behind === undefined || more.length) throw new Error(`expected the name of ${FIRST} once in the script`);
  const foreign = /[^\n\x20-\x7e]/.exec(before + behind);
  if (foreign) throw new Error(`found ${JSON.stringify(foreign[0])} in the script, expected characters that all encodings share`);
  return `${before}"${firstEngine}"${behind}`;
}

/** What the scripts know of languages: English comes along, of the others their tags are known. */
const english = {
  name: "texts",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^placet:/ }, ({ path }) => ({ path, namespace: "texts" }));
    esbuild.onLoad({ filter: /.*/, namespace: "texts" }, async ({ path }) => {
      const { notes, preferences, ...first } = await textsOf("en");
      const exported = {
        "placet:english": `export const bundled = ${JSON.stringify({ en: first })};`,
        "placet:texts": `export const bundled = undefined, tags = ${JSON.stringify(tags.join(" "))}.split(" ");`,
        "placet:first": `export const first = ${JSON.stringify(FIRST)}, mask = ${MASK};`,
        "placet:notes": `export const english = ${JSON.stringify(notes)};`,
        "placet:preferences": `export const english = ${JSON.stringify(preferences)};`,
      };
      return { contents: exported[path] };
    });
  },
};

/** In a bundle, all languages are those that it was made with, unless a server has the others beside it. */
const chosen = {
  name: "chosen",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^placet:/ }, ({ path }) => ({ path, namespace: "chosen" }));
    esbuild.onLoad({ filter: /.*/, namespace: "chosen" }, () => ({
      contents: "export const first = undefined, mask = 0, bundled = BUNDLE.texts, tags = BUNDLE.served?.tags ?? Object.keys(bundled), english = undefined;",
    }));
  },
};

/** Styles are imported as a text, without what a person needs to read them. */
const styles = {
  name: "styles",
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await build({ ...COMMON, entryPoints: [path], write: false });
      // The tool leaves every space in values of properties that it does not know, and all quotes.
      return { contents: outputFiles[0].text.trim().replace(/([:,]) /g, "$1").replace(/="([\w-]+)"/g, "=$1"), loader: "text" };
    });
  },
};

/** The module finds its parts in a way of its own. */
const asModule = {
  name: "module",
  setup(esbuild) {
    esbuild.onResolve({ filter: /\/parts\.js$/ }, () => ({ path: path.join(here, "src/module/parts.js") }));
  },
};

// Browsers that know `:dir()`, constructed style sheets and `light-dark()`. Files of the folder stay what they are.
const COMMON = { bundle: true, external: ["./placet-*"], minify: true, charset: "utf8", target: ["chrome123", "firefox120", "safari17.5"], logLevel: "warning" };

/** Makes one file of a part of the script. */
async function script(options) {
  const { outputFiles } = await build({ ...COMMON, ...options, write: false });
  // A second pass over the same finds some bytes more.
  const { code } = await minify(outputFiles[0].text, {
    module: true,
    ecma: 2020,
    compress: { passes: 5, unsafe_arrows: true, keep_fargs: false, sequences: false, inline: 1 },
  });
  return `${code}\n`;
}

/** A module as a member of the bundle. */
function bundled(name, module) {
  const [exports, names] = /export\{(.*?)\};\s*$/.exec(module);
  const members = names.split(",").map((one) => one.split(" as ")).map(([own, known = own]) => `${known}:${own}`);
  return `bundle.${name}=(()=>{${module.slice(0, -exports.length)}return{${members}}})();\n`;
}

await rm(folder, { recursive: true, force: true });
await mkdir(path.join(folder, "locales"), { recursive: true });
await mkdir(path.join(folder, "bundle"));

/** Tells the browsers that know it to compile a file at once, and not to read first what they compile then: nearly all of the
 * first part runs on every visit. */
const AT_ONCE = "//# allFunctionsCalledOnLoad\n";

/** The parts of the script by their names, the first without one. */
const PARTS = { "": "tag.js", preferences: "preferences/main.js", bridges: "bridges/main.js", languages: "languages.js", choice: "choice/main.js", compiler: "compiler/main.js" };
for (const [name, source] of Object.entries(PARTS)) {
  const entryPoints = [path.join(here, "src", source)];
  const format = name ? "esm" : "iife";
  const alone = await script({ entryPoints, format, plugins: [english, styles], define: { BUNDLE: "undefined" } });
  await writeFile(path.join(folder, name ? `placet-${name}.js` : "placet.js"), name ? alone : AT_ONCE + withEngine(alone));
  // A bundle has its policy compiled. The other parts are put into it one behind the other, and find what
  // else is in it, each other too, in one variable.
  if (name != "compiler") {
    const part = await script({ entryPoints, format, plugins: [chosen, styles], define: { BUNDLE: "bundle" } });
    await writeFile(path.join(folder, "bundle", `${name || "main"}.js`), name ? bundled(name, part) : part);
  }
}
// Stands by itself beside a cookie declaration.
const beside = await script({ entryPoints: [path.join(here, "src/declaration.js")], format: "iife" });
await writeFile(path.join(folder, "placet-declaration.js"), beside);
const { outputFiles: [asOne] } = await build({
  ...COMMON,
  entryPoints: [path.join(here, "src/module/main.js")],
  plugins: [asModule, english, styles],
  define: { BUNDLE: "undefined" },
  format: "esm",
  write: false,
});
await writeFile(path.join(folder, "placet.mjs"), withEngine(asOne.text));
for (const file of ["placet.wasm", "placet-compiler.wasm"]) {
  await copyFile(path.join(engines, file), path.join(folder, file));
}
for (const file of ["placet-fallback.js", "placet-compiler-fallback.js"]) {
  await build({ ...COMMON, entryPoints: [path.join(engines, file)], outfile: path.join(folder, file), format: "esm" });
}
const all = {};
for (const tag of tags) {
  all[tag] = await textsOf(tag);
  if (tag != "en") await writeFile(path.join(folder, `locales/${tag}.json`), `${JSON.stringify(all[tag])}\n`);
}
await writeFile(path.join(folder, "bundle/texts.json"), `${JSON.stringify(all)}\n`);

// TypeScript makes nothing: the tests read the types with it.
const { typescript, ...makers } = JSON.parse(await readFile(path.join(here, "package.json"), "utf8")).devDependencies;
await writeFile(path.join(folder, "built-with.json"), `${JSON.stringify({ compiler, ...makers }, null, 2)}\n`);

const files = {};
for (const file of (await readdir(folder, { recursive: true })).sort()) {
  // Only what a page downloads.
  if (!path.extname(file) || file == "built-with.json" || file.startsWith("bundle")) continue;
  const bytes = await readFile(path.join(folder, file));
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  files[file] = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli.length };
}
const visit = (...names) => ({ files: names, brotli: names.reduce((bytes, name) => bytes + files[name].brotli, 0) });
const first = ["placet.js"];
const choice = ["placet.wasm", "placet-choice.js"];
const sizes = {
  files,
  // The policy is compiled; it is the site's own and not counted, nor is the page.
  first_visit: visit(...first),
  // The same when the visitor has chosen.
  first_visit_with_choice: visit(...first, ...choice),
  // The policy is a document, and is compiled in the page.
  first_visit_with_json_policy: visit(...first, "placet-compiler.js", "placet-compiler.wasm"),
  // The choice stands.
  returning_visit: visit("placet.js", ...choice),
};
await writeFile(path.join(folder, "sizes.json"), `${JSON.stringify(sizes, null, 2)}\n`);
const { files: _, ...visits } = sizes;
console.log(JSON.stringify(Object.fromEntries(Object.entries(visits).map(([name, { brotli }]) => [name, brotli]))));
