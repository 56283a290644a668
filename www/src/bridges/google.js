// Google's consent mode, version 2: `gtag("consent", "update", { ad_storage: "granted", … })`. The default
// has been queued by the guard, and what Google is not told anew stays as it was told.

import { GOOGLE, command } from "./defaults.js";

export function google(options, { isRegional }) {
  const told = {};
  // Where the default depends on the region, only Google knows what holds before something is told.
  if (!isRegional) for (const type of Object.keys(GOOGLE)) told[type] = "denied";
  return (of) => {
    let isNew = false;
    for (const [type, category] of Object.entries(GOOGLE)) {
      const { decision } = of(category);
      if (decision == "undecided" && !told[type]) continue;
      const holds = decision == "granted" ? "granted" : "denied";
      isNew ||= told[type] != holds;
      told[type] = holds;
    }
    if (isNew) (window.dataLayer ??= []).push(command("consent", "update", { ...told }));
  };
}
