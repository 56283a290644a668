// Shopify's Customer Privacy API, which keeps what it is told: `setTrackingConsent({ analytics: true, … }, done)`.
// It is for what visitors say, so it is told what they chose and what their browser's signals refuse; what
// holds by law alone, Shopify has its own settings for.

const FEATURES = [{ name: "consent-tracking-api", version: "0.1" }];
const PURPOSES = { preferences: "functional", analytics: "analytics", marketing: "marketing", sale_of_data: "marketing" };
const SAID = ["chosen", "gpc", "dnt"];

export function shopify(options, { quietly, restored }) {
  let holds = {};
  /** What Shopify may remember of a yes that no longer holds. */
  let lapsed = [];
  let told = "[{},[]]";
  const send = () => {
    const { Shopify } = window;
    const consent = { ...holds };
    const ending = lapsed;
    const all = JSON.stringify([consent, ending]);
    if (!Shopify?.loadFeatures || all == told) return;
    told = all;
    Shopify.loadFeatures(FEATURES, (error) =>
      quietly(() => {
        if (error) throw error;
        const { customerPrivacy } = Shopify;
        const known = customerPrivacy.currentVisitorConsent() ?? {};
        for (const purpose of ending) if (known[purpose] == "yes") consent[purpose] = false;
        const isNew = Object.entries(consent).some(([purpose, is]) => known[purpose] != (is ? "yes" : "no"));
        if (isNew) customerPrivacy.setTrackingConsent(consent, () => {});
      }),
    );
  };
  // The shop's own scripts may come after the choice is known.
  for (const [target, event] of [
    [document, "DOMContentLoaded"],
    [window, "load"],
  ]) {
    target.addEventListener(event, () => quietly(send), { signal: restored });
  }
  return (of) => {
    holds = {};
    lapsed = [];
    const remembers = document.cookie.includes("_tracking_consent=");
    for (const [purpose, category] of Object.entries(PURPOSES)) {
      const { decision, reason } = of(category);
      if (SAID.includes(reason)) holds[purpose] = decision == "granted";
      else if (remembers && decision != "granted") lapsed.push(purpose);
    }
    send();
  };
}
