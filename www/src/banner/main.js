// The part of the script that people see: the first layer, the note that a signal is honoured, and the
// permanent way back. Loaded when one is shown; the preferences and what stands in the place of a frame are
// a part of their own.
//
// Everything is in one shadow tree, so that neither the site's style sheets nor ours reach the other;
// the styles are constructed, the tree is built node by node: no policy about styles, inline code or
// Trusted Types stands in the way.

import { bundled, tags } from "placet:texts";
import { button, firstLayer, note } from "./layers.js";
import { build } from "./build.js";
import css from "./style.css";

let host;
let root;
let prepared;
let context;
let shown;
/** What had the focus before a layer was opened. */
let opener;

/** The second layer, once it was loaded. */
let second;

/** Shows `banner`, `preferences` or `note`; `button` for nothing but the way back to them. */
export async function show(what, given) {
  await (prepared ??= prepare(given));
  // Nothing takes the place of the preferences while they are read.
  if (shown != what && shown != "preferences") open(what);
}

/** Shows what stands in the place of an element, or takes it away where the condition is empty. */
export async function placeholder(given, element, condition) {
  await (prepared ??= prepare(given));
  (await more()).placeholder(element, condition);
}

const more = async () => (second ??= (await context.part("preferences")).preferences(context));

async function prepare({ api, settings, near, part }) {
  const texts = await textsOf(settings, near);
  host = document.createElement("placet-consent");
  host.lang = texts.tag;
  host.dir = texts.direction;
  for (const name of ["layout", "position", "theme"]) host.setAttribute(name, settings[name] ?? "");
  root = host.attachShadow({ mode: "open" });
  const styles = new CSSStyleSheet();
  styles.replaceSync(css);
  root.adoptedStyleSheets = [styles];
  root.addEventListener("click", (event) => act(event.target.closest("[data-do]")?.dataset.do));
  context = { api, settings, part, texts, styles: [styles] };
}

/** Tags that stand for one of ours which they are no beginning of. */
const ALIASES = { iw: "he", no: "nb", nn: "nb", zh: "zh-hans", "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant" };

/** The texts in the language of the page, else of the browser, else those that came along. */
async function textsOf({ fetch }, near) {
  for (const wanted of [document.documentElement.lang, ...navigator.languages]) {
    for (let tag = wanted.toLowerCase(); tag; tag = tag.replace(/-?[^-]*$/, "")) {
      const found = tags.find((one) => one.toLowerCase() == (ALIASES[tag] ?? tag));
      if (bundled[found]) return bundled[found];
      if (!found) continue;
      try {
        return await (await fetch(near(`locales/${found}.json`))).json();
      } catch {
        // The next language that the visitor reads.
      }
    }
  }
  return Object.values(bundled)[0];
}

const LAYERS = { banner: firstLayer, preferences: () => second.dialog(), note, button, stale: note };

async function open(what) {
  if (what == "preferences") {
    const { activeElement } = document;
    root.adoptedStyleSheets = (await more()).styles;
    opener = [host, document.body].includes(activeElement) ? null : activeElement;
  }
  // A page that replaces its body takes nothing away.
  if (!host.isConnected) document.documentElement.append(host);
  shown = what;
  root.replaceChildren(build(LAYERS[what](context, what)));
  root.querySelector("dialog")?.showModal();
  root.querySelector("dialog")?.addEventListener("close", close);
  // After the layer was painted: to ask for its height before would lay the whole page out once more.
  requestAnimationFrame(() => setTimeout(makeRoom));
}

/** What gets the focus is scrolled to where the layer does not cover it. */
function makeRoom() {
  const covered = root.querySelector(".first")?.offsetHeight ?? 0;
  document.documentElement.style.scrollPaddingBlockEnd = covered ? `${covered + 32}px` : "";
}

function close() {
  const { isAsking } = context.api.standing();
  open(isAsking ? "banner" : "button");
  if (opener?.isConnected) opener.focus();
  else root.querySelector("[data-do=show]")?.focus();
}

function act(what) {
  const { api } = context;
  const how = shown == "preferences" ? "preferences" : "banner";
  if (what == "show") open("preferences");
  else if (what == "close") {
    if (shown == "preferences") root.querySelector("dialog").close();
    else open("button");
  } else if (what == "reload") location.reload();
  else if (what) {
    const said = what == "save" ? selected() : what;
    shown = "";
    api.choose(said, how);
    if (!shown) close();
  }
}

/** What the switches of the preferences say. */
const selected = () =>
  Object.fromEntries([...root.querySelectorAll("input")].map(({ name, checked }) => [name, checked]));
