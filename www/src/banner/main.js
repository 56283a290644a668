// What people see first: the place of all layers, and the first of them. The others, and what people do with each,
// belong to the part that follows a choice.
//
// Everything is in one shadow tree, so that neither the site's style sheets nor ours reach the other;
// the styles are constructed, the tree is built node by node: no policy about styles, inline code or
// Trusted Types stands in the way.

import { bundled } from "placet:english";
import { signal } from "../guard/property.js";
import { api, follow, prepare, settings } from "../page.js";
import { near, part } from "../parts.js";
import { isEnglish, wanted } from "../wanted.js";
import { firstLayer } from "./layers.js";
import { build } from "./build.js";
import css from "./style.css";

/** Where the layers stand, and which of them does, once that was made. */
let prepared;

/** What is done with layers, once that was loaded. */
let layers;

/** Shows `banner`, `preferences`, `note` or `stale`; `button` for nothing but the way back to them. */
export async function show(what) {
  const view = await (prepared ??= make());
  if (what != "banner") return (await more()).show(what);
  // Nothing takes the place of the preferences while they are read.
  if (view.shown != what && !view.stage.querySelector("dialog[open]")) view.open(what, firstLayer(view));
}

/** Shows what stands in the place of an element, or takes it away where the condition is empty. */
export async function placeholder(...about) {
  (await more()).placeholder(...about);
}

/** Loads the other layers, and what people do with all of them. */
async function more() {
  const view = await (prepared ??= make());
  const loaded = await follow();
  return (layers ??= loaded.layers(view));
}

async function make() {
  // In the language of the page, else of the browser.
  const texts = isEnglish() ? bundled.en : await (await part("languages")).textsOf(wanted(), bundled, settings, near);
  const host = document.createElement("placet-consent");
  host.lang = texts.tag;
  host.dir = texts.direction;
  for (const name of ["layout", "position"]) host.setAttribute(name, settings[name] ?? "");
  host.style.colorScheme = settings.theme ?? "";
  const root = host.attachShadow({ mode: "open" });
  const styles = new CSSStyleSheet();
  styles.replaceSync(css);
  root.adoptedStyleSheets = [styles];
  const stage = build(["div", {}]);
  /** What is said to those who do not see the layers. */
  const said = build(["p", { class: "said", role: "status" }]);
  root.append(stage, said);
  const view = { api, settings, texts, signal, part, prepare, host, root, stage, firstLayer, styles: [styles] };
  /** Puts a layer in the place of all others, and says a text, if there is any, or the layer's title where none is given. */
  let saying;
  view.open = (what, layer, text) => {
    // A page that replaces its body takes nothing away.
    if (!host.isConnected) document.documentElement.append(host);
    view.shown = what;
    stage.replaceChildren(build(layer));
    host.removeAttribute("aside");
    host.style.height = document.documentElement.style.scrollPaddingBlockEnd = "";
    // What is said must come after the place where it is said.
    said.textContent = "";
    text ??= stage.querySelector("#title").textContent;
    clearTimeout(saying);
    if (text) saying = setTimeout(() => (said.textContent = text), 99);
  };
  /** The page may replace all of itself. */
  view.stay = () => view.shown && !host.isConnected && view.open(view.shown, firstLayer(view));
  stage.addEventListener("click", async ({ target }) => {
    const { shown } = view;
    const what = target.closest("[data-do]")?.dataset.do;
    if (what) (await more()).act(what, shown);
  });
  // Who points at it or walks into it may choose soon.
  for (const sign of ["pointerover", "focusin"]) stage.addEventListener(sign, () => prepare().catch(() => {}), { once: true });
  // What gets the focus is not under a layer.
  document.addEventListener("focusin", ({ target }) => target != host && more().then(({ uncover }) => uncover(target), () => {}), { signal });
  const observer = new MutationObserver(() => view.stay());
  observer.observe(document, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    host.remove();
    document.documentElement.style.scrollPaddingBlockEnd = "";
    prepared = layers = undefined;
  });
  return view;
}
