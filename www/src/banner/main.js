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
/** Where the layers stand. */
let stage;
/** What is said to those who do not see them. */
let said;
let prepared;
let context;
let shown;
/** What had the focus before a layer was opened. */
let opener;
/** Whether a choice was made with what is shown. */
let isSaved = false;

/** The second layer, once it was loaded. */
let second;

/** Shows `banner`, `preferences` or `note`; `button` for nothing but the way back to them. */
export async function show(what, given) {
  await (prepared ??= prepare(given));
  if (what == "preferences") await more();
  // Nothing takes the place of the preferences while they are read; closed, they may be asked for again
  // before they have said so.
  if (!stage.querySelector("dialog[open]") && (shown != what || what == "preferences")) open(what);
}

/** Shows what stands in the place of an element, or takes it away where the condition is empty. */
export async function placeholder(given, element, condition) {
  await (prepared ??= prepare(given));
  (await more()).placeholder(element, condition);
}

/** Loads the second layer, which can be opened from then on. */
async function more() {
  second ??= (await context.part("preferences")).preferences(context);
  root.adoptedStyleSheets = second.styles;
  return second;
}

async function prepare({ api, settings, near, part, signal }) {
  const texts = await textsOf(settings, near);
  host = document.createElement("placet-consent");
  host.lang = texts.tag;
  host.dir = texts.direction;
  for (const name of ["layout", "position", "theme"]) host.setAttribute(name, settings[name] ?? "");
  root = host.attachShadow({ mode: "open" });
  const styles = new CSSStyleSheet();
  styles.replaceSync(css);
  root.adoptedStyleSheets = [styles];
  stage = build(["div", {}]);
  said = build(["p", { class: "said", role: "status" }]);
  root.append(stage, said);
  stage.addEventListener("click", (event) => act(event.target.closest("[data-do]")?.dataset.do));
  // Some browsers scroll to it later.
  document.addEventListener("focusin", ({ target }) => requestAnimationFrame(() => uncover(target)), { signal });
  const observer = new MutationObserver(stay);
  observer.observe(document, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    host.remove();
    document.documentElement.style.scrollPaddingBlockEnd = "";
    prepared = shown = second = undefined;
  });
  context = { api, settings, part, texts, signal, styles: [styles] };
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

function open(what) {
  if (what == "preferences") {
    const { activeElement } = document;
    opener = [host, document.body].includes(activeElement) ? null : activeElement;
  }
  // A page that replaces its body takes nothing away.
  if (!host.isConnected) document.documentElement.append(host);
  shown = what;
  stage.replaceChildren(build(LAYERS[what](context, what)));
  const dialog = stage.querySelector("dialog");
  dialog?.showModal();
  dialog?.addEventListener("close", () => dialog.isConnected && close());
  host.removeAttribute("aside");
  host.style.height = document.documentElement.style.scrollPaddingBlockEnd = "";
  // A dialog is told by the browser. What is said must come after the place where it is said.
  const text = what == "button" ? isSaved && context.texts.saved : what != "preferences" && stage.querySelector("#title").textContent;
  said.textContent = "";
  if (text) setTimeout(() => (said.textContent = text), 99);
  isSaved = false;
}

/** What gets the focus is not under a layer: the layer goes to the end of the window, where the page
 * gets as much room, or else to its start. */
function uncover(target) {
  const layer = stage.firstElementChild;
  const isCovered = () => {
    const [over, under] = [layer, target].map((one) => one.getBoundingClientRect());
    return under.bottom > over.top && under.top < over.bottom && under.right > over.left && under.left < over.right;
  };
  if (!layer || target == host || !isCovered()) return;
  host.style.height = document.documentElement.style.scrollPaddingBlockEnd = `${layer.offsetHeight + 32}px`;
  for (const edge of ["end", "start"]) {
    host.setAttribute("aside", edge);
    target.scrollIntoView({ block: "nearest" });
    if (!isCovered()) return;
  }
}

/** The page may replace all of itself, and with it a way back of its own. */
function stay() {
  const isWrong = shown == "button" && !stage.firstElementChild == !document.querySelector("[data-placet-show]");
  if (shown && (!host.isConnected || isWrong)) open(shown);
}

function close() {
  const { isAsking } = context.api.standing();
  open(isAsking ? "banner" : "button");
  if (opener?.isConnected) opener.focus();
  else stage.querySelector("[data-do=show]")?.focus();
}

function act(what) {
  const { api } = context;
  const how = shown == "preferences" ? "preferences" : "banner";
  if (what == "show") more().then(() => open("preferences"));
  else if (what == "close") {
    if (shown == "preferences") stage.querySelector("dialog").close();
    else open("button");
  } else if (what == "reload") location.reload();
  else if (what) {
    const decisions = what == "save" ? selected() : what;
    shown = "";
    isSaved = true;
    api.choose(decisions, how, host.lang);
    if (!shown) close();
  }
}

/** What the switches of the preferences say. */
const selected = () =>
  Object.fromEntries([...stage.querySelectorAll("input")].map(({ name, checked }) => [name, checked]));
