// Looks at the elements of the page: those that load by themselves are held here, and what waits by `data-placet`
// is left to a part of its own, which is loaded when one is granted or something stands in the place of one.

import { EXPRESSION, ask, engine } from "./judge.js";
import { inspect, releaseElements } from "./guard/elements.js";
import { whenRestored } from "./guard/property.js";

const GATED = "[data-placet]";
const LOADING = "script[src],iframe[src],img[src],[srcset]";

/** What updates an element that waits, once it is here, and what loads it. */
let update;
let load;
export const setUpdate = (loaded) => (update = loaded);
export const setLoad = (given) => (load = given);

/** Lets nothing else wait than what does. True if something that ran is no longer granted. */
export function run() {
  let isStale = false;
  for (const element of document.querySelectorAll(GATED)) isStale = look(element) || isStale;
  for (const element of document.querySelectorAll(LOADING)) isStale = inspect(element) || isStale;
  releaseElements();
  return isStale;
}

/** Nothing is to be done about what waits and takes no room, unless it is granted or named wrong. */
const look = (element) =>
  update
    ? update(element)
    : (/^(IFRAME|VIDEO|TEMPLATE)$/.test(element.nodeName) || ask(EXPRESSION, element.dataset.placet)) && load();

/** Looks at what is added to the page, by whomever. */
export function watch() {
  const added = (node) => {
    if (node.nodeType != 1) return;
    for (const element of [node, ...node.querySelectorAll(`${LOADING},${GATED}`)]) {
      if (element.matches(LOADING)) inspect(element);
      if (engine && element.matches(GATED)) look(element);
    }
  };
  const observer = new MutationObserver((records) => {
    for (const record of records) record.addedNodes.forEach(added);
  });
  observer.observe(document, { childList: true, subtree: true });
  whenRestored(() => observer.disconnect());
}
