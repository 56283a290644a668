// The script tag. It guards the page before any later script runs, then starts the engine, and lets
// pass what holds for the visitor.
//
//   <script src="/placet.js" data-policy="/placet.json" data-endpoint="/.placet/choice"></script>
//
// The policy stands in the page (`<script type="application/json" id="placet-policy">` before the tag), or
// is fetched from `data-policy`.

import { encode } from "./encode.js";
import { load } from "./engine.js";
import { emit } from "./events.js";
import { setPlaceholders, watch } from "./gate.js";
import { cookies, guardCookies } from "./guard/cookies.js";
import { guardElements } from "./guard/elements.js";
import { signal, whenRestored } from "./guard/property.js";
import { expect, guardRequests } from "./guard/requests.js";
import { guardStorage } from "./guard/storage.js";
import { now, open } from "./judge.js";
import { api, arrive, setBanner, settings, settle } from "./page.js";
import { listen } from "./tabs.js";

const tag = document.currentScript;
const near = (file) => new URL(file, tag?.src ?? location).href;

async function run() {
  settings.fetch = fetch.bind(window);
  guardCookies();
  guardStorage();
  guardRequests();
  guardElements();
  watch();

  const { policy: source, ...attributes } = tag?.dataset ?? {};
  Object.assign(settings, attributes);
  const inline = document.getElementById("placet-policy")?.textContent;
  const policy = (settings.policy = inline ? JSON.parse(inline) : await (await settings.fetch(source)).json());
  expect(policy);
  const gpc = navigator.globalPrivacyControl;
  const dnt = navigator.doNotTrack ?? window.doNotTrack;
  settings.signals = { gpc: gpc === true || gpc === "1", dnt: dnt == "1" || dnt == "yes" ? "1" : dnt == "0" ? "0" : null };
  const signals = +settings.signals.gpc | (settings.signals.dnt ? 2 + 2 * settings.signals.dnt : 0);

  const [engine, kind] = await load(
    async () => (await settings.fetch(near("placet.wasm"))).arrayBuffer(),
    () => import(near("placet-fallback.js")),
  );
  // What is prerendered may never be seen: until it is, nothing passes and nobody is asked.
  if (document.prerendering) await happens("prerenderingchange");
  if (!engine.start(encode(policy), signals, settings.region ?? "", cookies(), now())) {
    throw new Error("the policy cannot be read; `placet check` says why");
  }
  document.documentElement.dataset.placetEngine = kind;
  console.info(`placet: the engine runs as ${kind}`);
  const showBanner = async (what) => {
    const part = import(near("placet-banner.js"));
    if (document.readyState == "loading") await happens("DOMContentLoaded");
    const { show } = await part;
    if (!signal.aborted) show(what, { api, settings, near, setPlaceholders, signal });
  };
  // Who builds a banner of their own is told what to show.
  setBanner(settings.layout == "none" ? (what) => emit("show", what) : showBanner);
  open(engine, policy);
  listen(arrive);
  emit("ready", { engine: kind });
  settle();
  // What the parser had not finished.
  if (document.readyState == "loading") await happens("DOMContentLoaded");
  settle();
}

const happens = (event) => new Promise((done) => document.addEventListener(event, done, { once: true }));

// Two tags on a page are one. An element with this id is none.
if (!Object.hasOwn(window, "placet")) {
  window.placet = api;
  whenRestored(() => delete window.placet);
  api.ready = run().catch((error) => {
    console.error(`placet: nothing that needs consent runs on this page: ${error.message}`);
    throw error;
  });
  api.ready.catch(() => {});
  const show = ({ target }) => {
    const opener = target.closest?.("[data-placet-show]");
    if (opener) api.show(opener.dataset.placetShow || undefined);
  };
  document.addEventListener("click", show, { signal });
}
