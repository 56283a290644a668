// Scripts, frames and images that load by themselves, whoever inserts them. What may not load waits
// until it may: a script of the markup as `text/plain`, all else without the address, which stands in
// `data-placet-src` or, for images of several sizes, in `data-placet-srcset`.
//
// An address that a script sets is held before anything is fetched. In markup, a script is held before
// it runs; it, a frame or an image may have been fetched when it is found.

import { engine, whenOpen } from "../judge.js";
import { holdScript, releaseScript } from "../scripts.js";
import { FRAME, IMAGE, SCRIPT, absolute, mayLoad } from "./requests.js";
import { replace, replaceMethod } from "./property.js";

const CLASSES = [
  [HTMLScriptElement, SCRIPT],
  [HTMLIFrameElement, FRAME],
  [HTMLImageElement, IMAGE],
];
const kindOf = (element) => CLASSES.find(([Class]) => element instanceof Class)?.[1];
const HELD = "data-placet-src";
const HELD_SET = "data-placet-srcset";
const { setAttribute } = Element.prototype;

/** Addresses as they were set: some are no texts, but what a policy about scripts asks for. */
const held = new WeakMap();

/** Sets an address by `write`, or holds it. */
function assign(element, value, write) {
  const kind = kindOf(element);
  if (mayLoad(kind, `${value}`)) {
    element.removeAttribute(HELD);
    write(value);
  } else {
    held.set(element, () => write(value));
    setAttribute.call(element, HELD, value);
    if (!engine) whenOpen(() => release(element));
  }
}

function release(element) {
  const url = element.getAttribute(HELD);
  if (url == null || !mayLoad(kindOf(element), url)) return;
  element.removeAttribute(HELD);
  if (element.type == "text/plain") return releaseScript(element, () => mayLoad(SCRIPT, url));
  // A script without an address and text has not run, so it runs now, in its turn.
  if (!element.hasAttribute("async")) element.async = false;
  held.get(element)?.();
}

/** Sets the addresses of an image of several sizes, or holds them. */
function assignSet(element, value, write) {
  // A comma may be part of an address or stand between two: both readings must pass.
  const texts = `${value}`.split(/\s+/).map((text) => text.replace(/^,+|,+$/g, ""));
  const urls = texts.flatMap((text) => [text, ...text.split(/(?<=\d[wxh]),+/)]);
  if (urls.every((url) => !url || mayLoad(IMAGE, url))) {
    element.removeAttribute(HELD_SET);
    write(value);
  } else {
    element.removeAttribute("srcset");
    setAttribute.call(element, HELD_SET, value);
  }
}

function inspectSet(element, name) {
  const set = element.getAttribute(name);
  if (set) assignSet(element, set, (value) => setAttribute.call(element, "srcset", value));
}

/** Lets everything load that is granted by now. */
export function releaseElements() {
  document.querySelectorAll(`[${HELD}]`).forEach(release);
  for (const element of document.querySelectorAll(`[${HELD_SET}]`)) inspectSet(element, HELD_SET);
}

/** Looks at an element that the parser or `innerHTML` inserted, or that loads what was granted once. */
export function inspect(element) {
  const kind = kindOf(element);
  const url = element.getAttribute("src");
  inspectSet(element, "srcset");
  if (kind === undefined || !url || element.type == "text/plain" || mayLoad(kind, url)) return false;
  if (kind == SCRIPT) {
    holdScript(element);
    setAttribute.call(element, HELD, url);
    if (!engine) whenOpen(() => release(element));
  } else {
    element.removeAttribute("src");
    assign(element, url, (value) => setAttribute.call(element, "src", value));
  }
  return kind == SCRIPT;
}

/** A script tag with an address: as `document.write` is given it. */
const WRITTEN = /<script(?=[\s/])(?=(?:"[^"]*"|'[^']*'|[^>"'])*?[\s"'/]src\s*=\s*(?:"([^"]*)|'([^']*)|([^\s>]+)))/gi;

export function guardElements() {
  // What is written runs before anybody can look at it, so it is written as what does not run.
  for (const name of ["write", "writeln"]) {
    replaceMethod(
      Document.prototype,
      name,
      (write) =>
        function (...given) {
          const text = given.join("");
          const held = text.replace(WRITTEN, (tag, double, single, bare) => {
            const url = double ?? single ?? bare;
            return mayLoad(SCRIPT, url) ? tag : `${tag} type="text/plain" ${HELD}="${url.replaceAll('"', "&quot;")}"`;
          });
          write.apply(this, held == text ? given : [held]);
        },
    );
  }
  for (const [Class] of CLASSES) {
    replace(Class.prototype, "src", ({ get, set }) => ({
      get() {
        const url = this.getAttribute(HELD);
        return url == null ? get.call(this) : absolute(url);
      },
      set(value) {
        assign(this, value, (value) => set.call(this, value));
      },
    }));
  }
  for (const Class of [HTMLImageElement, HTMLSourceElement]) {
    replace(Class.prototype, "srcset", ({ set }) => ({
      set(value) {
        assignSet(this, value, (value) => set.call(this, value));
      },
    }));
  }
  replaceMethod(
    Element.prototype,
    "setAttribute",
    () =>
      function (...given) {
        const [name, value] = given;
        const write = (value) => setAttribute.call(this, name, value);
        const attribute = given.length > 1 && `${name}`.toLowerCase();
        if (attribute == "src" && kindOf(this) !== undefined && this.type != "text/plain") assign(this, value, write);
        else if (attribute == "srcset") assignSet(this, value, write);
        else setAttribute.apply(this, given);
      },
  );
}
