// The policy of the page: compiled, as the engine reads it, and what people read of it. It is bundled with
// the script, or stands in the page, or is fetched, or is handed over by the page's own module.
//
// A text that holds both begins with the compiled policy in base64; what people read follows as JSON, in the
// fields of the document. A document itself is JSON too, and is compiled here by a part that no other page loads.

import { load } from "./engine.js";
import { part } from "./parts.js";

/** Bytes out of a text that has a character for each, in which the bits of `mask` are turned, if there is one. */
export function bytesOf(text, mask) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at) ^ mask;
  return bytes;
}

/** The compiled policy; `arrived` is called with the document, or with what people read of it, before. */
export async function compiledPolicy(inline, source, fetch, arrived) {
  if (BUNDLE) {
    arrived(BUNDLE.document);
    return bytesOf(atob(BUNDLE.policy));
  }
  let document = source;
  let compiled;
  if (typeof source != "object") {
    try {
      const text = inline?.trim() || (await (await fetch(source)).text());
      const [, first, json] = /^\s*([\s\w+/=]*)(.*)/s.exec(text);
      compiled = first && bytesOf(atob(first));
      document = JSON.parse(json);
    } catch ({ message }) {
      throw new Error(`expected a policy in #placet-policy before the tag, or at data-policy (${source}): ${message}`);
    }
  }
  arrived(document);
  if (compiled) return compiled;
  const { compile } = await part("compiler");
  return compile(document, load, fetch);
}
