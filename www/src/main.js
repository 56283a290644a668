// How it starts, by the script tag or by a module: it guards the page before any later script runs, then starts
// the engine, and lets pass what holds for the visitor.

import { first, mask } from "placet:first";
import { show } from "./banner/main.js";
import { queueDefaults } from "./bridges/defaults.js";
import { load } from "./engine.js";
import { emit } from "./events.js";
import { cookies, guardCookies } from "./guard/cookies.js";
import { guardElements } from "./guard/elements.js";
import { signal, whenRestored } from "./guard/property.js";
import { expect, guardRequests } from "./guard/requests.js";
import { guardStorage } from "./guard/storage.js";
import { now, open } from "./judge.js";
import { api, arrive, follow, mayHaveChosen, setBanner, settings, settle } from "./page.js";
import { near, part } from "./parts.js";
import { bytesOf, compiledPolicy } from "./policy.js";
import { retried } from "./retried.js";
import { listen } from "./tabs.js";
import { watch } from "./watch.js";
import { isEnglish } from "./wanted.js";

async function run({ policy: source, ...given }) {
  settings.fetch = fetch.bind(window);
  if (BUNDLE?.served) settings.endpoint = near("choice");
  Object.assign(settings, given);
  // Where no choice was made, as far as can be told before the policy is here, one will be asked for.
  const isFirst = !/\bplacet=/.test(cookies());
  if (isFirst && settings.layout != "none" && !isEnglish()) part("languages").catch(() => {});
  const gpc = navigator.globalPrivacyControl;
  const dnt = navigator.doNotTrack ?? window.doNotTrack;
  settings.signals = { gpc: gpc === true || gpc === "1", dnt: dnt == "1" || dnt == "yes" ? "1" : dnt == "0" ? "0" : null };
  const signals = +settings.signals.gpc | (settings.signals.dnt ? 2 + 2 * settings.signals.dnt : 0);

  let bridges;
  let isRegional;
  /** What cannot wait for the engine, once the policy is here. */
  const arrived = (policy) => {
    settings.policy = policy;
    expect(policy);
    const isFresh = !(signals & 5) && !document.prerendering && !mayHaveChosen();
    isRegional = queueDefaults(policy.bridges, isFresh);
    bridges = policy.bridges && part("bridges");
  };
  const inline = document.getElementById("placet-policy")?.textContent;
  const wasm = (held) =>
    load(
      async () => held?.() ?? (await settings.fetch(near("placet.wasm"))).arrayBuffer(),
      () => part("fallback"),
    );
  const whole = BUNDLE && (() => Uint8Array.fromBase64?.(BUNDLE.engine) ?? bytesOf(atob(BUNDLE.engine)));
  // A first visit asks little: most of the engine waits for a choice.
  let isWhole = !isFirst || BUNDLE || settings.region;
  const loading = Promise.all([
    compiledPolicy(inline, source, settings.fetch, arrived),
    wasm(isWhole ? whole : () => bytesOf(first, mask)),
    settings.region ?? (BUNDLE?.served?.region ? regionOf(settings.fetch) : ""),
    isFirst || follow(),
  ]);

  // What is on its way goes on while the page is guarded.
  guardCookies();
  guardStorage();
  guardRequests();
  guardElements();
  watch();

  let [compiled, [engine, kind], region] = await loading;
  // Nothing is waited for between the look at the choice and the ear for another one.
  const bridging = await bridges;
  if (mayHaveChosen()) await follow();
  // What is prerendered may never be seen: until it is, nothing passes and nobody is asked.
  if (document.prerendering) await happens("prerenderingchange");
  const begin = (engine) => engine("start", [compiled, region ?? "", cookies()], signals, now());
  const wholeEngine = retried(async () => {
    const [engine] = await wasm();
    begin(engine);
    return engine;
  });
  const begun = begin(engine);
  if (!begun) throw new Error("the policy cannot be read; `placet check` says why");
  // There is a choice after all.
  if (begun > 1) {
    engine = await wholeEngine();
    isWhole = true;
  }
  document.documentElement.dataset.placetEngine = kind;
  console.info(`placet: the engine runs as ${kind}`);
  let isShown = false;
  const showBanner = async (what) => {
    const isLoading = () => !isShown && document.readyState == "loading";
    if (what == "banner" && isLoading()) {
      const isEarly = await isInFirstFrame();
      // The visitor may have answered in another tab.
      if (!api.standing().isAsking) return;
      isShown ||= isEarly;
    }
    if (isLoading()) await happens("DOMContentLoaded");
    if (!isShown && what == "button") {
      // Nothing of ours is needed for as long as the page has its own way back.
      await (await follow()).untilGone();
      if (isShown) return;
    }
    isShown = true;
    if (!signal.aborted) show(what);
  };
  // Who builds a banner of their own is told what to show.
  setBanner(settings.layout == "none" ? (what) => emit("show", what) : showBanner);
  bridging?.start({ api, settings, isRegional, whenRestored });
  listen(arrive);
  open(engine, settings.policy, isWhole || kind == "js" ? undefined : wholeEngine);
  emit("ready", { engine: kind });
  settle();
  // What the parser had not finished.
  if (document.readyState == "loading") await happens("DOMContentLoaded");
  settle();
}

/**
 * Until the next frame, or the page is there: whether the banner may be part of that frame, as it can be of the first one
 * where the policy is in the page or the script. A scroll bar that came later would move it, so the page has to be higher
 * than the window by then.
 */
async function isInFirstFrame() {
  await Promise.race([new Promise(requestAnimationFrame), happens("DOMContentLoaded")]);
  return document.documentElement.scrollHeight > innerHeight;
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

/** Starts with what the tag's attributes or a module's settings say, and gives `window.placet`. */
export function start(given) {
  // Two tags on a page are one. An element with this id is none.
  if (Object.hasOwn(window, "placet")) return window.placet;
  window.placet = api;
  whenRestored(() => delete window.placet);
  api.ready = run(given).catch((error) => {
    console.error(`placet: nothing that needs consent runs on this page: ${error.message}`);
    throw error;
  });
  api.ready.catch(() => {});
  const show = ({ target }) => {
    const opener = target.closest?.("[data-placet-show]");
    if (opener) api.show(opener.dataset.placetShow || undefined);
  };
  document.addEventListener("click", show, { signal });
  return api;
}
