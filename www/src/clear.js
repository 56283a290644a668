// Taking back what a refused service has stored.
//
// No script is told under which domain and path a cookie was set, and a line that removes it must
// name both. So every place is tried where this page can see cookies from: every domain from the
// host upwards (browsers pass over those that are public suffixes), every folder of the path, and
// what the policy declares; from the partitioned jar too. HttpOnly cookies only the server removes.
//
// A part of its own: loaded where something is refused.

const PAST = "=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=";

/** Removes the cookies, the storage keys, the databases and caches that are refused. */
export function clear(engine, cookies, writeCookie) {
  /** What is refused is removed; what is undecided stays. */
  const isRefused = (name) => (engine.storage(name) & 3) == 2;
  clearCookies(engine.removals(cookies), writeCookie);
  // Where the browser keeps no data for this page there is none to remove.
  const quietly = (task) => (async () => task())().catch(() => {});
  for (const name of ["localStorage", "sessionStorage"]) {
    quietly(() => {
      for (const key of Object.keys(window[name])) {
        if (isRefused(key)) window[name].removeItem(key);
      }
    });
  }
  quietly(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (isRefused(name)) indexedDB.deleteDatabase(name);
    }
  });
  quietly(async () => {
    for (const name of await caches.keys()) if (isRefused(name)) caches.delete(name);
  });
}

function clearCookies(removals, writeCookie) {
  const reader = new Reader(removals);
  while (reader.isLeft()) {
    const name = reader.text();
    const domains = new Set(["", ...parents(location.hostname), ...reader.list()]);
    const paths = new Set([...folders(location.pathname), ...reader.list()]);
    for (const domain of domains) {
      for (const path of paths) {
        const line = `${name}${PAST}${path}${domain && `; Domain=${domain}`}`;
        writeCookie(line);
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
