// Cookies that scripts write: `document.cookie` and the Cookie Store.

import { COOKIE, ask, engine, isLeft, passes, whenOpen, whole } from "../judge.js";
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

/** Writes a line that may be written, in its turn; until then it stands in `early`. */
function judged(early, line, name, write, refuse) {
  const turn = () => {
    const verdict = ask(COOKIE, line);
    if (isLeft(verdict)) return hold();
    early.delete(name);
    if (passes(verdict, "cookie", name)) write();
    else refuse?.();
  };
  const hold = () => {
    early.set(name, /max-age=-?0|1970/i.test(line) ? "" : line.split(";")[0].trim());
    if (engine) whole().then(turn);
    else whenOpen(turn);
  };
  if (engine && !early.has(name)) turn();
  else hold();
}

export function guardCookies() {
  /** Pairs that wait, by name: whoever wrote them sees them. */
  const early = new Map();
  replace(owner, "cookie", ({ get, set }) => ({
    get() {
      const found = get.call(this);
      if (!early.size) return found;
      const others = found.split("; ").filter((pair) => !early.has(nameOf(pair)));
      return [...others, ...early.values()].filter(Boolean).join("; ");
    },
    set(value) {
      const line = `${value}`;
      judged(early, line, nameOf(line), () => set.call(this, line));
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
          judged(new Map(), line, name, () => set.apply(this, given).then(done, failed), done),
        );
      },
  );
}
