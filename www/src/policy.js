// The policy of the page: compiled, as the engine reads it, and what people read of it. It is bundled with
// the script, or stands in the page, or is fetched, or is handed over by the page's own module.
//
// A file that holds both begins with the length of the compiled policy in four bytes, the first of which is
// 0, as no text's is; what people read follows as JSON, in the fields of the document. A document itself is
// JSON too, and is compiled here by a part that no other page loads.

import { load } from "./engine.js";
import { part } from "./parts.js";

/** Bytes out of a text in base64. */
export const bytesOf = (text) =>
  Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (character) => character.charCodeAt());

/** The compiled policy; `arrived` is called with the document, or with what people read of it, before. */
export async function compiledPolicy(inline, source, fetch, arrived) {
  if (BUNDLE) {
    arrived(BUNDLE.document);
    return bytesOf(BUNDLE.policy);
  }
  let document = typeof source == "object" ? source : inline && JSON.parse(inline);
  if (!document) {
    const file = await (await fetch(source)).arrayBuffer();
    const isCompiled = new Uint8Array(file)[0] === 0;
    const end = isCompiled ? 4 + new DataView(file).getUint32(0) : 0;
    document = JSON.parse(new TextDecoder().decode(file.slice(end)));
    if (isCompiled) {
      arrived(document);
      return new Uint8Array(file, 4, end - 4);
    }
  }
  arrived(document);
  const { compile } = await part("compiler");
  return compile(document, load, fetch);
}
