// The languages that the banner speaks beside English: a part that only visitors load who do not read that first.

import { bundled, tags } from "placet:texts";

/** Tags that stand for one of ours which they are no beginning of. */
const ALIASES = { iw: "he", no: "nb", nn: "nb", zh: "zh-hans", "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant" };

/** The texts in the first of the languages there is, else those that came along. */
export async function textsOf(wanted, own, { fetch }, near) {
  const known = bundled ?? own;
  for (const one of wanted) {
    for (let tag = one.toLowerCase(); tag; tag = tag.replace(/-?[^-]*$/, "")) {
      const found = tags.find((other) => other.toLowerCase() == (ALIASES[tag] ?? tag));
      if (known[found]) return known[found];
      if (!found) continue;
      try {
        return await (await fetch(near(`locales/${found}.json`))).json();
      } catch {
        // The next language that the visitor reads.
      }
    }
  }
  return Object.values(known)[0];
}
