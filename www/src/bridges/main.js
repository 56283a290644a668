// The bridges: vendors whose scripts ask for consent themselves are told what holds, each in its own words,
// before the scripts that wait for it run, and with every change. Loaded where the policy names one.
//
// A bridge takes its options, and gives a function that tells the vendor what holds, as often as it is
// called, if that is something new. The vendor's part may be missing, come later, or fail: the page's own
// code hears nothing of it.

import { clarity } from "./clarity.js";
import { google } from "./google.js";
import { matomo } from "./matomo.js";
import { meta } from "./meta.js";
import { microsoftUet } from "./microsoft_uet.js";
import { shopify } from "./shopify.js";
import { zaraz } from "./zaraz.js";

const BRIDGES = { google, microsoft_uet: microsoftUet, clarity, meta, matomo, shopify, zaraz };

/** Starts the bridges that the policy names. `isRegional`: Google's default is left to where the visitor is. */
export function start({ api, settings: { policy }, isRegional, whenRestored }) {
  const restored = new AbortController();
  whenRestored(() => restored.abort());
  for (const [vendor, options] of Object.entries(policy.bridges)) {
    const quietly = (task) => {
      try {
        return task();
      } catch (error) {
        console.error(`placet: ${vendor} could not be told what holds`, error);
      }
    };
    const tell = quietly(() => BRIDGES[vendor](options, { quietly, isRegional, restored: restored.signal }));
    const listener = ({ categories }) => quietly(() => tell?.(holding(policy, categories), categories));
    api.on("change", listener);
    whenRestored(() => api.off("change", listener));
  }
}

const STRICTEST_FIRST = ["refused", "undecided", "granted"];

/**
 * What holds of a standard category. Where no service is in it, the site's own categories that are like it
 * stand for it, and of several the strictest.
 */
function holding({ services, categories: own = [] }, categories) {
  const isUsed = (id) => services.some(({ category }) => category == id);
  return (standard) => {
    const like = own.filter(({ id, like = "marketing" }) => like == standard && isUsed(id)).map(({ id }) => id);
    const ids = isUsed(standard) || !like.length ? [standard] : like;
    const rank = (id) => STRICTEST_FIRST.indexOf(categories[id].decision);
    return categories[ids.sort((one, other) => rank(one) - rank(other))[0]];
  };
}
