// Web storage, databases and caches, by the names that the policy declares.

import { engine, passes, whenOpen } from "../judge.js";
import { replace, replaceMethod } from "./property.js";

/** The storages behind the proxies that pages get to see. */
const behind = new WeakMap();
const real = (storage) => behind.get(storage) ?? storage;

export function guardStorage() {
  /** What was written while the engine starts, by storage: whoever wrote it can read it. */
  const early = new Map();
  whenOpen(() => early.clear());

  replaceMethod(
    Storage.prototype,
    "setItem",
    (setItem) =>
      function (...given) {
        const storage = real(this);
        const [key, value] = given.map(String);
        if (!engine && given.length > 1) {
          if (!early.has(storage)) early.set(storage, new Map());
          early.get(storage).set(key, value);
        }
        // Too few arguments, and a full storage, are errors of the browser's.
        const write = () => setItem.apply(storage, given);
        if (given.length < 2) write();
        else whenOpen(() => passes(engine.storage(key), "storage", key) && write());
      },
  );
  for (const name of ["getItem", "removeItem", "key", "clear"]) {
    replaceMethod(
      Storage.prototype,
      name,
      (method) =>
        function (...given) {
          const storage = real(this);
          const written = early.get(storage);
          const key = `${given[0]}`;
          if (name == "getItem" && written?.has(key)) return written.get(key);
          if (name == "removeItem") written?.delete(key);
          return method.apply(storage, given);
        },
    );
  }
  // `localStorage.key = value` calls no method.
  for (const name of ["localStorage", "sessionStorage"]) {
    let proxy;
    replace(globalThis, name, ({ get }) => ({
      get() {
        const storage = get.call(globalThis);
        if (!proxy && storage) {
          proxy = new Proxy(storage, {
            get: (_, key) => {
              const isOwn = typeof key == "symbol" || key in Storage.prototype;
              return isOwn ? Reflect.get(storage, key, storage) : (storage.getItem(key) ?? undefined);
            },
            set: (_, key, value) => (storage.setItem(key, value), true),
          });
          behind.set(proxy, storage);
        }
        return proxy ?? storage;
      },
    }));
  }

  // A database or cache that may not be opened fails as in a browser that keeps no data.
  const refusal = () => new DOMException("There is no consent to keep data here", "SecurityError");
  replaceMethod(
    globalThis.IDBFactory?.prototype,
    "open",
    (open) =>
      function (...given) {
        const name = `${given[0]}`;
        if (engine && passes(engine.storage(name), "database", name)) return open.apply(this, given);
        const request = Object.assign(new EventTarget(), { readyState: "pending", result: null, error: null });
        const forward = (event) => {
          request[`on${event.type}`]?.(event);
          request.dispatchEvent(event);
        };
        whenOpen(() => {
          if (passes(engine.storage(name), "database", name)) return takeOver(request, open.apply(this, given));
          setTimeout(() => {
            Object.assign(request, { readyState: "done", error: refusal() });
            forward(new Event("error", { cancelable: true }));
          });
        });
        return request;
      },
  );
  replaceMethod(
    globalThis.CacheStorage?.prototype,
    "open",
    (open) =>
      function (name) {
        return new Promise((done, failed) =>
          whenOpen(() => {
            if (passes(engine.storage(`${name}`), "cache", `${name}`)) open.call(this, name).then(done, failed);
            else failed(refusal());
          }),
        );
      },
  );
}

/** Lets a request that was made while the engine starts speak for the browser's own. */
function takeOver(request, own) {
  for (const type of ["success", "error", "upgradeneeded", "blocked"]) {
    own.addEventListener(type, (event) => {
      Object.assign(request, { readyState: own.readyState, result: null, error: null });
      for (const field of ["result", "transaction", "source"]) {
        Object.defineProperty(request, field, { configurable: true, get: () => own[field] });
      }
      if (type == "error") request.error = own.error;
      const copy = new event.constructor(type, event);
      request[`on${type}`]?.(copy);
      request.dispatchEvent(copy);
    });
  }
}
