// Taking back what a refused service has stored.
//
// No script is told under which domain and path a cookie was set, and a line that removes it must
// name both. So every place is tried where this page can see cookies from: every domain from the
// host upwards (browsers pass over those that are public suffixes), every folder of the path, and
// what the policy declares; from the partitioned jar too. HttpOnly cookies only the server removes.
// There is no `Max-Age=0`: what it ends in the very moment stays in Firefox's list of cookies.

import { STORAGE } from "../about.js";

const PAST = "=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=";

/** Removes the cookies, the storage keys, the databases and caches that are refused; ends when they are gone. */
export async function removeRefused({ ask, call, take, cookies, writeCookie }) {
  /** What is refused is removed; what is undecided stays. */
  const isRefused = (name) => (ask(STORAGE, name) & 3) == 2;
  clearCookies(take(call("removals", [cookies()])), writeCookie);
  // Where the browser keeps no data for this page there is none to remove.
  const quietly = (task) => (async () => task())().catch(() => {});
  const keys = ["localStorage", "sessionStorage"].map((name) =>
    quietly(() => {
      for (const key of Object.keys(window[name])) {
        if (isRefused(key)) window[name].removeItem(key);
      }
    }),
  );
  const databases = quietly(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name);
    await Promise.all(names.filter(isRefused).map(removeDatabase));
  });
  const stores = quietly(async () => {
    await Promise.all((await caches.keys()).filter(isRefused).map((name) => caches.delete(name)));
  });
  return Promise.all([...keys, databases, stores]);
}

/** One that is open elsewhere goes when it is closed there, which nobody waits for. */
const removeDatabase = (name) =>
  new Promise((done) => {
    const removal = indexedDB.deleteDatabase(name);
    removal.onsuccess = removal.onerror = removal.onblocked = done;
  });

function clearCookies(removals, writeCookie) {
  const reader = new Reader(removals);
  while (reader.isLeft()) {
    const name = reader.text();
    // Of these names browsers take nothing without it, and of others nothing with it on a page without TLS.
    const secure = name.startsWith("__") ? "; Secure" : "";
    const domains = new Set(["", ...parents(location.hostname), ...reader.list()]);
    const paths = new Set([...folders(location.pathname), ...reader.list()]);
    for (const domain of domains) {
      for (const path of paths) {
        const line = `${name}${PAST}${path}${domain && `; Domain=${domain}`}`;
        writeCookie(line + secure);
        writeCookie(`${line}; Secure; SameSite=None; Partitioned`);
      }
    }
  }
}

/** A host and the domains above it. */
function parents(host) {
  const labels = host.split(".");
  return /^[\d.]+$|:/.test(host) ? [] : labels.map((_, at) => labels.slice(at).join("."));
}

/** The paths that a page at `path` can have cookies from, with and without a slash at the end. */
function folders(path) {
  const found = ["/"];
  for (let at = 1; at; ) {
    at = path.indexOf("/", at) + 1;
    const folder = at ? path.slice(0, at - 1) : path;
    if (folder.length > 1) found.push(folder, `${folder}/`);
  }
  return found;
}

/** Texts and lists as the engine writes them: see `compact.rs` of the core. */
class Reader {
  #bytes;
  #at = 0;
  constructor(bytes) {
    this.#bytes = bytes;
  }
  isLeft() {
    return this.#at < this.#bytes.length;
  }
  #number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }
  text() {
    const length = this.#number();
    this.#at += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.#at - length, this.#at));
  }
  list() {
    return Array.from({ length: this.#number() }, () => this.text());
  }
}
