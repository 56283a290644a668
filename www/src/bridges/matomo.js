// Matomo: `_paq.push(["requireConsent"])` before everything, then `setConsentGiven` and `forgetConsentGiven`, or
// the same of cookies alone. Its commands that remember consent are not used: the choice is remembered once.

import { queueFirst } from "./defaults.js";

export function matomo({ cookieless }) {
  const consent = cookieless ? "CookieConsent" : "Consent";
  let wasGiven = false;
  queueFirst("_paq", [`require${consent}`]);
  return (of) => {
    const isGiven = of("analytics").decision == "granted";
    if (isGiven == wasGiven) return;
    wasGiven = isGiven;
    (window._paq ??= []).push([`${isGiven ? "set" : "forget"}${consent}Given`]);
  };
}
