// Markup that waits for consent: `data-placet` says for which service or category.
//
//   <script type="text/plain" data-placet="analytics" src="…">   also inline; `data-type="module"`
//   <template data-placet="youtube">any HTML</template>
//   <iframe data-placet="youtube" data-src="…">                  also images, video, links (`data-href`)
//
// What is granted is released once, in document order; scripts are fetched in parallel and run in
// their order.

import { EXPRESSION } from "../about.js";

/** What was released of templates, to be taken back. */
const taken = new WeakMap();
/** What takes room, and for which something stands while it waits. */
const ROOMY = /^(IFRAME|VIDEO|TEMPLATE)$/;
const announced = new WeakSet();

/** What it has of the page. */
let page;

/** An element waits for its condition, or no longer for any. */
function announce(element, condition) {
  if (condition ? ROOMY.test(element.nodeName) : announced.has(element)) {
    announced.add(element);
    page.placeholder(element, condition);
  }
}

/** Takes part in a page. */
export const enter = (entered) => (page = entered);

const isGranted = (element) => {
  const condition = element.dataset.placet;
  const answer = page.ask(EXPRESSION, condition);
  if (answer > 1) console.error(`placet: \`${condition}\` names what the policy does not have`, element);
  return answer == 1;
};

/** Releases an element that is granted, and takes back one that no longer is. True if something that ran is no longer granted. */
export function update(element) {
  if (!isWhole(element)) return false;
  const condition = element.dataset.placet;
  const granted = isGranted(element);
  switch (element.nodeName) {
    case "SCRIPT": {
      if (granted && !page.isReleased(element)) releaseGated(element);
      return !granted && page.isReleased(element);
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
  const passes = () => isGranted(condition) && (!url || page.mayLoad(0, url));
  if (passes()) page.releaseScript(script, passes);
}

function releaseTemplate(template) {
  const content = template.content.cloneNode(true);
  // Its scripts would run as they come from the network: they take their turns like all others.
  const scripts = [...content.querySelectorAll("script:not([data-placet])")];
  scripts.forEach(page.holdScript);
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
