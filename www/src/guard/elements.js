// Scripts, frames and images that load by themselves, whoever inserts them. What may not load keeps
// its address in `data-placet-src` until it may.
//
// An address that a script sets is held before anything is fetched. In markup, a script is held before
// it runs; a frame or image that the parser inserts may have begun to load when it is found.

import { engine, whenOpen } from "../judge.js";
import { FRAME, IMAGE, SCRIPT, mayLoad } from "./requests.js";
import { replace, replaceMethod } from "./property.js";

const KINDS = { SCRIPT, IFRAME: FRAME, IMG: IMAGE };
const HELD = "data-placet-src";
const attribute = { set: Element.prototype.setAttribute };

/** Whether what an element would load is not granted, or not yet known to be. */
const isHeldFrom = (element, url) => !!url && !mayLoad(KINDS[element.nodeName], url);

function hold(element, url) {
  attribute.set.call(element, HELD, url);
  if (!engine) whenOpen(() => releaseElement(element));
}

/** Lets an element load what was held from it, if that is granted by now. */
function releaseElement(element) {
  const url = element.getAttribute(HELD);
  if (url == null || isHeldFrom(element, url)) return;
  element.removeAttribute(HELD);
  if (element.nodeName == "SCRIPT" && element.isConnected) {
    // A script that was once looked at does not run again: a copy of it does.
    const copy = copyScript(element);
    attribute.set.call(copy, "src", url);
    element.replaceWith(copy);
  } else attribute.set.call(element, "src", url);
}

/** A script element with all attributes, the nonce included, that has not run yet. */
export function copyScript(element) {
  const copy = document.createElement("script");
  for (const { name, value } of element.attributes) attribute.set.call(copy, name, value);
  copy.nonce = element.nonce;
  copy.text = element.text;
  copy.async = element.hasAttribute("async");
  return copy;
}

/** Lets everything load that is granted by now. */
export function releaseElements() {
  document.querySelectorAll(`[${HELD}]`).forEach(releaseElement);
}

/** Looks at an element that the parser or `innerHTML` inserted. */
export function inspect(element) {
  if (!(element.nodeName in KINDS) || element.hasAttribute("data-placet")) return;
  const url = element.getAttribute("src");
  if (!isHeldFrom(element, url)) return;
  element.removeAttribute("src");
  hold(element, url);
}

export function guardElements() {
  for (const [Class, name] of [
    [HTMLScriptElement, "SCRIPT"],
    [HTMLIFrameElement, "IFRAME"],
    [HTMLImageElement, "IMG"],
  ]) {
    replace(Class.prototype, "src", ({ set }) => ({
      set(value) {
        const url = `${value}`;
        if (this.nodeName == name && isHeldFrom(this, url)) hold(this, url);
        else {
          this.removeAttribute(HELD);
          set.call(this, value);
        }
      },
    }));
  }
  replaceMethod(
    Element.prototype,
    "setAttribute",
    (setAttribute) =>
      function (name, value) {
        const url = `${value}`;
        const loads = this.nodeName in KINDS && `${name}`.toLowerCase() == "src";
        if (loads && isHeldFrom(this, url)) hold(this, url);
        else setAttribute.call(this, name, value);
      },
  );
}
