// The script tag. It guards the page before any later script runs, then starts the engine, and lets
// pass what holds for the visitor.
//
//   <script src="/placet.js" data-policy="/placet.policy" data-endpoint="/.placet/choice"></script>
//
// The policy is fetched from `data-policy`, or stands in the page before the tag as
// `<script type="application/json" id="placet-policy">`.

import { load } from "./engine.js";
import { emit } from "./events.js";
import { setPlaceholder, watch } from "./gate.js";
import { cookies, guardCookies } from "./guard/cookies.js";
import { guardElements } from "./guard/elements.js";
import { guardRequests } from "./guard/requests.js";
import { guardStorage } from "./guard/storage.js";
import { now, open } from "./judge.js";
import { api, arrive, setBanner, settings, settle } from "./page.js";
import { near, part, tag } from "./parts.js";
import { bytesOf, policyOf } from "./policy.js";
import { listen } from "./tabs.js";

async function run() {
  settings.fetch = fetch.bind(window);
  guardCookies();
  guardStorage();
  guardRequests();
  guardElements();
  watch();

  const { policy: source, ...attributes } = tag?.dataset ?? {};
  if (BUNDLE?.served) settings.endpoint = near("choice");
  Object.assign(settings, attributes);
  const gpc = navigator.globalPrivacyControl;
  const dnt = navigator.doNotTrack ?? window.doNotTrack;
  settings.signals = { gpc: gpc === true || gpc === "1", dnt: dnt == "1" || dnt == "yes" ? "1" : dnt == "0" ? "0" : null };
  const signals = +settings.signals.gpc | (settings.signals.dnt ? 2 + 2 * settings.signals.dnt : 0);

  const inline = document.getElementById("placet-policy")?.textContent;
  const [[compiled, policy], [engine, kind], region] = await Promise.all([
    policyOf(inline, source, settings.fetch),
    load(
      async () => (BUNDLE ? bytesOf(BUNDLE.engine) : (await settings.fetch(near("placet.wasm"))).arrayBuffer()),
      () => import(near("placet-fallback.js")),
    ),
    settings.region ?? (BUNDLE?.served?.region && regionOf(settings.fetch)),
  ]);
  settings.policy = policy;
  if (!engine.start(compiled, signals, region ?? "", cookies(), now())) {
    throw new Error("the policy cannot be read; `placet check` says why");
  }
  document.documentElement.dataset.placetEngine = kind;
  console.info(`placet: the engine runs as ${kind}`);
  const given = { api, settings, near, part };
  let isShown = false;
  setBanner(async (what) => {
    const loading = what != "button" && part("banner");
    if (document.readyState == "loading") await happens("DOMContentLoaded");
    if (document.prerendering) await happens("prerenderingchange");
    // Nothing of ours is shown where the page has its own way back.
    if (!isShown && what == "button" && document.querySelector("[data-placet-show]")) return;
    isShown = true;
    (await (loading || part("banner"))).show(what, given);
  });
  setPlaceholder(async (...waits) => (await part("banner")).placeholder(given, ...waits));
  open(engine, policy);
  listen(arrive);
  emit("ready", { engine: kind });
  settle();
  // What the parser had not finished.
  if (document.readyState == "loading") await happens("DOMContentLoaded");
  settle();
}

/** Where the visitor is, as far as the server that this script came from knows. */
async function regionOf(fetch) {
  try {
    return (await (await fetch(near("region"))).json()).region;
  } catch {
    // Not known is the strictest.
  }
}

const happens = (event) => new Promise((done) => document.addEventListener(event, done, { once: true }));

// Two tags on a page are one.
if (!window.placet) {
  window.placet = api;
  api.ready = run().catch((error) => {
    console.error(`placet: nothing that needs consent runs on this page: ${error.message}`);
    throw error;
  });
  api.ready.catch(() => {});
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-placet-show]");
    if (opener) api.show(opener.dataset.placetShow || undefined);
  });
}
