// What people see: the first layer. The notes and the permanent way back belong to the part that follows a choice;
// the preferences and what stands in the place of a frame are a part of their own.
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

/** The second layer, and the notes, once they were loaded. */
let second;
let notes;

/** Shows `banner`, `preferences` or `note`; `button` for nothing but the way back to them. */
export async function show(what) {
  await (prepared ??= make());
  if (what != "banner") await (what == "preferences" ? more : noted)();
  // Nothing takes the place of the preferences while they are read; closed, they may be asked for again
  // before they have said so.
  if (!stage.querySelector("dialog[open]") && (shown != what || what == "preferences")) open(what);
}

/** Shows what stands in the place of an element, or takes it away where the condition is empty. */
export async function placeholder(element, condition) {
  await (prepared ??= make());
  (await more()).placeholder(element, condition);
}

/** Loads the second layer, which can be opened from then on. */
async function more() {
  await noted();
  const { preferences } = await part("preferences");
  second ??= preferences(context);
  root.adoptedStyleSheets = context.styles;
  return second;
}

/** Loads the notes. */
async function noted() {
  const loaded = await follow();
  notes ??= loaded.notes(context);
  root.adoptedStyleSheets = context.styles;
}

async function make() {
  // In the language of the page, else of the browser.
  const texts = isEnglish() ? bundled.en : await (await part("languages")).textsOf(wanted(), bundled, settings, near);
  host = document.createElement("placet-consent");
  host.lang = texts.tag;
  host.dir = texts.direction;
  for (const name of ["layout", "position"]) host.setAttribute(name, settings[name] ?? "");
  host.style.colorScheme = settings.theme ?? "";
  root = host.attachShadow({ mode: "open" });
  const styles = new CSSStyleSheet();
  styles.replaceSync(css);
  root.adoptedStyleSheets = [styles];
  stage = build(["div", {}]);
  said = build(["p", { class: "said", role: "status" }]);
  root.append(stage, said);
  stage.addEventListener("click", (event) => act(event.target.closest("[data-do]")?.dataset.do));
  // Who points at it or walks into it may choose soon.
  for (const sign of ["pointerover", "focusin"]) stage.addEventListener(sign, () => prepare().catch(() => {}), { once: true });
  // What gets the focus is not under a layer.
  document.addEventListener("focusin", ({ target }) => target != host && noted().then(() => notes.uncover(stage, host, target), () => {}), { signal });
  const observer = new MutationObserver(stay);
  observer.observe(document, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    host.remove();
    document.documentElement.style.scrollPaddingBlockEnd = "";
    prepared = shown = second = notes = undefined;
  });
  context = { api, settings, texts, signal, styles: [styles] };
}

const layer = (what) => (what == "banner" ? firstLayer(context) : what == "preferences" ? second.dialog() : notes[what]());

function open(what) {
  if (what == "preferences") {
    const { activeElement } = document;
    opener = [host, document.body].includes(activeElement) ? null : activeElement;
  }
  // A page that replaces its body takes nothing away.
  if (!host.isConnected) document.documentElement.append(host);
  shown = what;
  stage.replaceChildren(build(layer(what)));
  if (what == "preferences") second.open(stage, close);
  host.removeAttribute("aside");
  host.style.height = document.documentElement.style.scrollPaddingBlockEnd = "";
  // A dialog is told by the browser. What is said must come after the place where it is said.
  const text = what == "button" ? isSaved && notes.saved : what != "preferences" && stage.querySelector("#title").textContent;
  said.textContent = "";
  if (text) setTimeout(() => (said.textContent = text), 99);
  isSaved = false;
}

/** The page may replace all of itself, and with it a way back of its own. */
function stay() {
  const isWrong = shown == "button" && !stage.firstElementChild == !document.querySelector("[data-placet-show]");
  if (shown && (!host.isConnected || isWrong)) open(shown);
}

function close() {
  const { isAsking } = api.standing();
  open(isAsking ? "banner" : "button");
  if (opener?.isConnected) opener.focus();
  else stage.querySelector("[data-do=show]")?.focus();
}

async function act(what) {
  const how = shown == "preferences" ? "preferences" : "banner";
  if (what == "show") {
    await more();
    open("preferences");
  } else if (what == "close") {
    if (shown == "preferences") stage.querySelector("dialog").close();
    else open("button");
  } else if (what == "reload") location.reload();
  else if (what) {
    const decisions = what == "save" ? second.selected(stage) : what;
    await Promise.all([prepare(), noted()]);
    shown = "";
    isSaved = true;
    api.choose(decisions, how, host.lang);
    if (!shown) close();
  }
}

