// Markup that waits for consent: `data-placet` says for which service or category.
//
//   <script type="text/plain" data-placet="analytics" src="…">   also inline; `data-type="module"`
//   <template data-placet="youtube">any HTML</template>
//   <iframe data-placet="youtube" data-src="…">                  also images, video, links (`data-href`)
//
// What is granted is released once, in document order; scripts are fetched in parallel and run in
// their order.

import { engine } from "./judge.js";
import { inspect, releaseElements } from "./guard/elements.js";
import { SCRIPT, mayLoad } from "./guard/requests.js";
import { whenRestored } from "./guard/property.js";
import { holdScript, isReleased, releaseScript } from "./scripts.js";

const GATED = "[data-placet]";
const LOADING = "script[src],iframe[src],img[src],[srcset]";
/** What was released of templates, to be taken back. */
const taken = new WeakMap();
/** What takes room, and for which something stands while it waits. */
const ROOMY = /^(IFRAME|VIDEO|TEMPLATE)$/;
const announced = new WeakSet();

/** Shows what stands in the place of an element, or takes it away where the condition is empty. */
let placeholder;
export const setPlaceholder = (show) => (placeholder = show);

/** An element waits for its condition, or no longer for any. */
function announce(element, condition) {
  if (condition ? ROOMY.test(element.nodeName) : announced.has(element)) {
    announced.add(element);
    placeholder(element, condition);
  }
}

/** Releases what is granted, and takes back what no longer is. True if that takes a reload. */
export function run() {
  let isStale = false;
  for (const element of document.querySelectorAll(GATED)) isStale = update(element) || isStale;
  for (const element of document.querySelectorAll(LOADING)) isStale = inspect(element) || isStale;
  releaseElements();
  return isStale;
}

const isGranted = (element) => {
  const condition = element.dataset.placet;
  const answer = engine.allows(condition);
  if (answer > 1) console.error(`placet: \`${condition}\` names what the policy does not have`, element);
  return answer == 1;
};

/** True if something that ran is no longer granted. */
function update(element) {
  if (!isWhole(element)) return false;
  const condition = element.dataset.placet;
  const granted = isGranted(element);
  switch (element.nodeName) {
    case "SCRIPT": {
      if (granted && !isReleased(element)) releaseGated(element);
      return !granted && isReleased(element);
    }
    case "TEMPLATE":
      if (granted && !taken.has(element)) releaseTemplate(element);
      else if (!granted && taken.has(element)) return takeBackTemplate(element);
      else if (!granted) announce(element, condition);
      return false;
    default:
      for (const name of ["src", "href", "srcset", "poster"]) {
        const value = element.getAttribute(`data-${name}`);
        if (value == null) continue;
        if (!granted) {
          // What plays goes on playing without its address.
          if (element.hasAttribute(name)) element.pause?.();
          element.removeAttribute(name);
        } else if (element.getAttribute(name) != value) element.setAttribute(name, value);
      }
      announce(element, granted ? "" : condition);
      return false;
  }
}

/** Whether the parser is past an element. What it is not past is looked at when the page is parsed. */
function isWhole(element) {
  if (document.readyState != "loading") return true;
  for (let node = element; node; node = node.parentNode) if (node.nextSibling) return true;
  return false;
}

/** A script that is granted by its condition, and not by its address, waits for both. */
function releaseGated(script, condition = script) {
  const url = script.getAttribute("src");
  const passes = () => isGranted(condition) && (!url || mayLoad(SCRIPT, url));
  if (passes()) releaseScript(script, passes);
}

function releaseTemplate(template) {
  const content = template.content.cloneNode(true);
  // Its scripts would run as they come from the network: they take their turns like all others.
  const scripts = [...content.querySelectorAll("script:not([data-placet])")];
  scripts.forEach(holdScript);
  taken.set(template, { nodes: [...content.childNodes], ran: scripts.length > 0 });
  announce(template, "");
  template.after(content);
  for (const script of scripts) releaseGated(script, template);
}

/** True if a script of it ran. */
function takeBackTemplate(template) {
  const { nodes, ran } = taken.get(template);
  for (const node of nodes) node.remove();
  taken.delete(template);
  announce(template, template.dataset.placet);
  return ran;
}

/** Looks at what is added to the page, by whomever. */
export function watch() {
  const look = (node) => {
    if (node.nodeType != 1) return;
    for (const element of [node, ...node.querySelectorAll(`${LOADING},${GATED}`)]) {
      inspect(element);
      if (engine && element.matches(GATED)) update(element);
    }
  };
  const observer = new MutationObserver((records) => {
    for (const record of records) record.addedNodes.forEach(look);
  });
  observer.observe(document, { childList: true, subtree: true });
  whenRestored(() => observer.disconnect());
}
