// Makes what a site serves out of the sources here, the texts of `crates/placet-texts`, and the engine.
//
//   node build.mjs ENGINE FALLBACK FOLDER COMPILER      the engine as WebAssembly and as JavaScript, and
//                                                       what compiled it
//
// `cargo xtask www` builds both and calls this.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [engine, fallback, folder, compiler] = process.argv.slice(2);
if (!compiler) throw new Error("expected: node build.mjs ENGINE FALLBACK FOLDER COMPILER");
const here = import.meta.dirname;
const texts = path.join(here, "../crates/placet-texts/locales");

/** What the page shows of the texts of one language. */
function shown(tag, { direction, title, intro, refuse_all, accept_all, save, saved, allow, signal, state, category, service, duration, banner }) {
  return {
    tag,
    direction,
    title,
    intro,
    refuse_all,
    accept_all,
    save,
    saved,
    allow,
    signal: { honoured: signal.honoured, gpc: signal.gpc, dnt: signal.dnt },
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
    banner,
  };
}

const textsOf = async (tag) => shown(tag, JSON.parse(await readFile(path.join(texts, `${tag}.json`), "utf8")));

/** `placet:texts` is English, and what the scripts know of the other languages: their tags. */
const tags = (await readdir(texts)).filter((file) => file.endsWith(".json")).map((file) => path.basename(file, ".json")).sort();
const english = {
  name: "texts",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^placet:texts$/ }, ({ path }) => ({ path, namespace: "texts" }));
    esbuild.onLoad({ filter: /.*/, namespace: "texts" }, async () => ({
      contents: `export const english = ${JSON.stringify(await textsOf("en"))}; export const tags = ${JSON.stringify(tags.join(" "))}.split(" ");`,
    }));
  },
};

/** Styles are imported as a text, without what a person needs to read them. */
const styles = {
  name: "styles",
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await build({ ...COMMON, entryPoints: [path], write: false });
      return { contents: outputFiles[0].text.trim(), loader: "text" };
    });
  },
};

// Browsers that know `:dir()`, constructed style sheets and `light-dark()`.
const COMMON = { bundle: true, minify: true, charset: "utf8", target: ["chrome123", "firefox120", "safari17.5"], logLevel: "warning" };

await rm(folder, { recursive: true, force: true });
await mkdir(path.join(folder, "locales"), { recursive: true });
await build({
  ...COMMON,
  entryPoints: [path.join(here, "src/main.js")],
  outfile: path.join(folder, "placet.js"),
  format: "iife",
});
await build({
  ...COMMON,
  plugins: [english, styles],
  entryPoints: [path.join(here, "src/banner/main.js")],
  outfile: path.join(folder, "placet-banner.js"),
  format: "esm",
});
await copyFile(engine, path.join(folder, "placet.wasm"));
await build({ ...COMMON, entryPoints: [fallback], outfile: path.join(folder, "placet-fallback.js"), format: "esm" });
for (const tag of tags.filter((tag) => tag != "en")) {
  await writeFile(path.join(folder, `locales/${tag}.json`), `${JSON.stringify(await textsOf(tag))}\n`);
}

const { devDependencies } = JSON.parse(await readFile(path.join(here, "package.json"), "utf8"));
await writeFile(path.join(folder, "built-with.json"), `${JSON.stringify({ compiler, ...devDependencies }, null, 2)}\n`);

const files = {};
for (const file of (await readdir(folder, { recursive: true })).sort()) {
  if (!path.extname(file) || file == "built-with.json") continue;
  const bytes = await readFile(path.join(folder, file));
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  files[file] = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli.length };
}
const returning_visit = ["placet.js", "placet.wasm"];
const first_visit = [...returning_visit, "placet-banner.js"];
const sum = (names) => names.reduce((bytes, name) => bytes + files[name].brotli, 0);
const sizes = {
  files,
  first_visit: { files: first_visit, brotli: sum(first_visit) },
  returning_visit: { files: returning_visit, brotli: sum(returning_visit) },
};
await writeFile(path.join(folder, "sizes.json"), `${JSON.stringify(sizes, null, 2)}\n`);
console.log(JSON.stringify({ first_visit: sizes.first_visit.brotli, returning_visit: sizes.returning_visit.brotli }));
