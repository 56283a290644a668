// Compiles the policy document of a page, by the compiler of the engine's own core: a part that only pages
// load whose policy was not compiled before.

import { encode } from "./encode.js";

/** The compiled policy; `load` and `fetch` are the script's. */
export async function compile(document, load, fetch) {
  // In words that tools which bundle look for.
  const [compiler] = await load(
    async () => (await fetch(new URL("./placet-compiler.wasm", import.meta.url))).arrayBuffer(),
    () => import("./placet-compiler-fallback.js"),
  );
  return compiler.take(compiler("compile", [encode(document)]));
}
