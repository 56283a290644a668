// Makes the engine that a page downloads out of what the compiler wrote: what the script calls by its
// plain name, and nothing that only a debugger or another build step would read.
//
//   node engine.mjs COMPILED ENGINE      ENGINE ends in `.wasm`, or in `.js` for the same as JavaScript; with
//                                        `compiler` in its name it is the compiler of policies, with `first`
//                                        the engine of a first visit
//
// `cargo xtask www` compiles and calls this.
import binaryen from "binaryen";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const [compiled, engine] = process.argv.slice(2);
if (!engine) throw new Error("expected: node engine.mjs COMPILED ENGINE");
const FIRST = ["buffer", "start", "ask"];
const kind = /compiler|first|$/.exec(path.basename(engine))[0];
const EXPORTS = { compiler: ["buffer", "compile"], first: FIRST }[kind] ?? [...FIRST, "arrive", "choose", "removals"];
// What every browser has that has the rest of what the scripts use.
const FEATURES = [
  "--enable-bulk-memory",
  "--enable-bulk-memory-opt",
  "--enable-sign-ext",
  "--enable-nontrapping-float-to-int",
  "--enable-mutable-globals",
  "--enable-reference-types",
  "--enable-multivalue",
  "--enable-call-indirect-overlong",
];

const module = binaryen.readBinary(readFileSync(compiled));
const all = Array.from({ length: module.getNumExports() }, (_, index) =>
  binaryen.getExportInfo(module.getExportByIndex(index)),
);
for (const { name } of all) if (name != "memory") module.removeExport(name);
for (const plain of EXPORTS) {
  // The compiler's names end in a number of the build.
  const found = all.filter(({ name }) => name == plain || name.replace(/_[0-9a-f]{16}$/, "") == plain);
  if (found.length != 1) throw new Error(`${compiled} exports ${found.length} functions named ${plain}, expected one`);
  module.addFunctionExport(found[0].value, plain);
}
// The tools tell what a file is by the end of its name.
const wasm = engine.replace(/\.js$/, ".wasm");
writeFileSync(wasm, withoutNotes(module.emitBinary()));

const tool = (name, ...options) => {
  const tools = path.join(import.meta.dirname, "node_modules/binaryen/bin");
  const { status } = spawnSync(process.execPath, [path.join(tools, name), ...options], { stdio: "inherit" });
  if (status != 0) throw new Error(`${name} ended with ${status}`);
};
// Measured in Brotli, pass by pass. Rust keeps nothing below 1024, and memory begins with zeros.
const smallest = ["--low-memory-unused", "--zero-filled-memory", "-Oz", "--flatten", "--rereloop", "-Oz", "--converge", "--reorder-functions"];
tool("wasm-opt", wasm, ...FEATURES, ...smallest, "--strip-debug", "--strip-producers", "-o", wasm);
writeFileSync(wasm, withoutNotes(readFileSync(wasm)));
if (wasm != engine) tool("wasm2js", wasm, "-Oz", "-o", engine);
else if (WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(wasm))).length > 0) {
  throw new Error(`${wasm} asks for imports, expected none`);
}

/** A module without custom sections: names, and what the bindings' own build step reads. */
function withoutNotes(bytes) {
  const kept = [bytes.subarray(0, 8)];
  let at = 8;
  while (at < bytes.length) {
    const start = at;
    const id = bytes[at++];
    let length = 0;
    let shift = 0;
    let byte;
    do {
      byte = bytes[at++];
      length |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    at += length;
    if (id != 0) kept.push(bytes.subarray(start, at));
  }
  return Buffer.concat(kept);
}
