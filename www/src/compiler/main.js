// Compiles the policy document of a page, by the compiler of the engine's own core: a part that only pages
// load whose policy was not compiled before.

import { encode } from "./encode.js";

/** The compiled policy; `load` and `fetch` are the script's. */
export async function compile(document, load, fetch) {
  const near = (file) => new URL(file, import.meta.url).href;
  const [compiler] = await load(
    async () => (await fetch(near("placet-compiler.wasm"))).arrayBuffer(),
    () => import(near("placet-compiler-fallback.js")),
  );
  return compiler.compile(encode(document));
}
