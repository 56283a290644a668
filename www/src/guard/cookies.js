// Cookies that scripts write: `document.cookie` and the Cookie Store.

import { engine, now, passes, whenOpen } from "../judge.js";
import { replace, replaceMethod } from "./property.js";

/** Where the browser has the property: of a document, or of one of HTML. */
const owner = [Document, HTMLDocument].map((Class) => Class.prototype).find((own) => Object.hasOwn(own, "cookie"));
const jar = Object.getOwnPropertyDescriptor(owner, "cookie");

/** The cookies that scripts can see; none where the browser forbids them altogether. */
export function cookies() {
  try {
    return jar.get.call(document);
  } catch {
    return "";
  }
}

/** Writes past the guard. */
export function writeCookie(line) {
  try {
    jar.set.call(document, line);
  } catch {
    // A sandboxed frame has no cookies: the choice then holds for this page.
  }
}

const nameOf = (pair) => (/^[^=;]*(?==)/.exec(pair)?.[0] ?? "").trim();

export function guardCookies() {
  /** Pairs that were written while the engine starts, by name: whoever wrote them sees them. */
  const early = new Map();
  whenOpen(() => early.clear());
  replace(owner, "cookie", ({ get, set }) => ({
    get() {
      const found = get.call(this);
      if (!early.size) return found;
      const others = found.split("; ").filter((pair) => !early.has(nameOf(pair)));
      return [...others, ...early.values()].filter(Boolean).join("; ");
    },
    set(value) {
      const line = `${value}`;
      const name = nameOf(line);
      if (!engine) early.set(name, /max-age=-?0|1970/i.test(line) ? "" : line.split(";")[0].trim());
      whenOpen(() => {
        if (passes(engine.cookieWritten(line, now()), "cookie", name)) set.call(this, line);
      });
    },
  }));
  replaceMethod(
    globalThis.CookieStore?.prototype,
    "set",
    (set) =>
      function (...given) {
        const name = `${given[0]?.name ?? given[0]}`;
        const { expires, domain } = Object(given[0]);
        const isOver = expires != null && expires < Date.now();
        const line = `${name}=${isOver ? "; max-age=0" : ""}${domain ? `; domain=${domain}` : ""}`;
        return new Promise((done, failed) =>
          whenOpen(() => {
            if (passes(engine.cookieWritten(line, now()), "cookie", name)) set.apply(this, given).then(done, failed);
            else done();
          }),
        );
      },
  );
}
