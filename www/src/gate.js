// Markup that waits for consent: `data-placet` says for which service or category.
//
//   <script type="text/plain" data-placet="analytics" src="…">   also inline; `data-type="module"`
//   <template data-placet="youtube">any HTML</template>
//   <iframe data-placet="youtube" data-src="…">                  also images, video, links (`data-href`)
//
// What is granted is released once, in document order; scripts are fetched in parallel and run in
// their order.

import { engine } from "./judge.js";
import { emit } from "./events.js";
import { copyScript, inspect, releaseElements } from "./guard/elements.js";
import { whenRestored } from "./guard/property.js";

const GATED = "[data-placet]";
/** Elements that were released and can be taken back, by their placeholders or addresses. */
const taken = new WeakMap();
const done = new WeakSet();
/** Ends when every script released so far has run. */
let last = Promise.resolve();
let placeholders;

/** Shows what stands in the place of a frame: given by the banner when it is there. */
export function setPlaceholders(show) {
  placeholders = show;
  run();
}

/** Releases what is granted, and takes back what no longer is. True if that takes a reload. */
export function run(root = document) {
  let isStale = false;
  for (const element of root.querySelectorAll(GATED)) isStale = update(element) || isStale;
  releaseElements();
  return isStale;
}

function update(element) {
  const condition = element.dataset.placet;
  const answer = engine.allows(condition);
  if (answer > 1) console.error(`placet: \`${condition}\` names what the policy does not have`, element);
  const isGranted = answer == 1;
  if (!isWhole(element)) return false;
  switch (element.nodeName) {
    case "SCRIPT":
      if (isGranted && !done.has(element)) releaseScript(element);
      return !isGranted && done.has(element);
    case "TEMPLATE":
      if (isGranted && !taken.has(element)) releaseTemplate(element);
      else if (!isGranted && taken.has(element)) takeBackTemplate(element);
      else if (!isGranted) placeholders?.(element, condition);
      return false;
    default:
      for (const name of ["src", "href", "srcset", "poster"]) {
        const value = element.getAttribute(`data-${name}`);
        if (value == null) continue;
        if (isGranted) {
          if (element.getAttribute(name) != value) element.setAttribute(name, value);
        } else element.removeAttribute(name);
      }
      placeholders?.(element, isGranted ? "" : condition);
      return false;
  }
}

/** Whether the parser is past an element. What it is not past is looked at when the page is parsed. */
function isWhole(element) {
  if (document.readyState != "loading") return true;
  for (let node = element; node; node = node.parentNode) if (node.nextSibling) return true;
  return false;
}

function releaseScript(element) {
  done.add(element);
  const copy = copyScript(element);
  const { type } = element.dataset;
  if (type) copy.type = type;
  else copy.removeAttribute("type");
  done.add(copy);
  const isOrdered = !copy.hasAttribute("async");
  const url = copy.getAttribute("src");
  const insert = () => element.replaceWith(copy);
  if (!url) {
    last = last.then(insert);
  } else if (!isOrdered) {
    insert();
  } else {
    // Fetched at once, run in its turn.
    const hint = Object.assign(document.createElement("link"), {
      rel: type == "module" ? "modulepreload" : "preload",
      as: "script",
      href: url,
      crossOrigin: copy.crossOrigin,
      integrity: copy.integrity,
      nonce: copy.nonce,
    });
    document.head?.append(hint);
    last = last.then(
      () =>
        new Promise((ended) => {
          copy.addEventListener("load", ended);
          copy.addEventListener("error", ended);
          insert();
          if (!copy.isConnected) ended();
        }),
    );
  }
}

function releaseTemplate(template) {
  const content = template.content.cloneNode(true);
  // Its scripts would run as they come from the network: they take their turns like all others.
  const scripts = [...content.querySelectorAll("script:not([data-placet])")];
  for (const script of scripts) {
    if (script.type) script.dataset.type = script.type;
    script.type = "text/plain";
  }
  taken.set(template, [...content.childNodes]);
  placeholders?.(template, "");
  template.after(content);
  scripts.forEach(releaseScript);
}

function takeBackTemplate(template) {
  for (const node of taken.get(template)) node.remove();
  taken.delete(template);
  placeholders?.(template, template.dataset.placet);
}

/** Looks at what is added to the page, by whomever. */
export function watch() {
  const look = (node) => {
    if (node.nodeType != 1) return;
    for (const element of [node, ...node.querySelectorAll(`script,iframe,img,${GATED}`)]) {
      inspect(element);
      if (engine && element.matches(GATED) && update(element)) emit("stale");
    }
  };
  const observer = new MutationObserver((records) => {
    for (const record of records) record.addedNodes.forEach(look);
  });
  observer.observe(document, { childList: true, subtree: true });
  whenRestored(() => observer.disconnect());
}
