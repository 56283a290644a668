// What the types allow and what they do not, compiled by the tests and never run.

import { start, type Placet, type Policy, type Standing } from "placet";

const policy: Policy = {
  revision: 1,
  services: [{ id: "counter", category: "analytics", cookies: [{ name: "_count*", lifetime: "13mo" }] }],
};
const placet: Placet = start({ policy, endpoint: "/.placet/choice", region: "US-CA", layout: "box", reload: true });
start({ policy: "/placet.policy" });

placet.on("change", ({ categories, signals }: Standing) => {
  const decision: "granted" | "refused" | "undecided" = categories.analytics.decision;
  console.log(decision, signals.gpc);
});
placet.on("refused", ({ kind, name, reason, service }) => console.log(kind, name, reason, service?.length));
placet.on("ready", ({ engine }) => console.log(engine === "wasm"));
window.placet.choose({ analytics: true, "my-own": false });
window.placet.choose("refused");
window.placet.ready.then(() => window.placet.standing()?.made?.getTime());

// @ts-expect-error: a policy is needed.
start({});
// @ts-expect-error: no such layout.
start({ policy, layout: "popup" });
// @ts-expect-error: every service has a category.
start({ policy: { revision: 1, services: [{ id: "counter" }] } });
// @ts-expect-error: no such field.
start({ policy: { revision: 1, services: [{ id: "counter", category: "analytics", cookie: [] }] } });
// @ts-expect-error: no such event.
placet.on("changed", () => {});
// @ts-expect-error: what changed is no event of the network's.
placet.on("refused", ({ value }) => value);
// @ts-expect-error: a choice is yes or no.
placet.choose({ analytics: "granted" });
// @ts-expect-error: nothing holds until the engine runs.
placet.standing().categories;
