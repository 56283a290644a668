// Web storage, databases and caches, by the names that the policy declares.

import { send, standIn } from "../events.js";
import { STORAGE, ask as verdict, engine, passes, whenOpen } from "../judge.js";
import { replace, replaceMethod } from "./property.js";

/** The storages behind the proxies that pages get to see. */
const behind = new WeakMap();
const real = (storage) => behind.get(storage) ?? storage;
/** And the other way. */
const shown = new WeakMap();

export function guardStorage() {
  guardKeys();
  guardDatabases();
}

function guardKeys() {
  const { setItem } = Storage.prototype;
  const write = (storage, key, value) => {
    if (passes(verdict(STORAGE, key), "storage", key)) setItem.call(storage, key, value);
  };
  /** What was written while the engine starts, by storage: whoever wrote it can read it. */
  const early = new Map();
  whenOpen(() => {
    const all = [...early].flatMap(([storage, items]) => [...items].map((item) => [storage, ...item]));
    early.clear();
    for (const item of all) {
      try {
        write(...item);
      } catch (error) {
        // The storage is full.
        reportError(error);
      }
    }
  });
  /** Puts `act` in the place of a method; it gets the storage, what was given, and the browser's own. */
  const onStorage = (name, act) =>
    replaceMethod(
      Storage.prototype,
      name,
      (method) =>
        function (...given) {
          const storage = real(this);
          return act(storage, given, () => method.apply(storage, given));
        },
    );
  onStorage("setItem", (storage, given, own) => {
    const [key, value] = given.map(String);
    // Too few arguments are an error of the browser's.
    if (given.length < 2) own();
    else if (engine) write(storage, key, value);
    else {
      if (!early.has(storage)) early.set(storage, new Map());
      early.get(storage).set(key, value);
    }
  });
  onStorage("getItem", (storage, [key], own) => early.get(storage)?.get(`${key}`) ?? own());
  onStorage("removeItem", (storage, [key], own) => {
    early.get(storage)?.delete(`${key}`);
    own();
  });
  onStorage("clear", (storage, _, own) => {
    early.delete(storage);
    own();
  });
  onStorage("key", (_storage, _given, own) => own());
  // `localStorage.name = value` calls no method.
  for (const name of ["localStorage", "sessionStorage"]) {
    let proxy;
    replace(globalThis, name, ({ get }) => ({
      get() {
        const storage = get.call(globalThis);
        if (!proxy && storage) {
          proxy = new Proxy(storage, {
            get: (_, key) =>
              typeof key == "symbol" || key in Storage.prototype
                ? Reflect.get(storage, key, storage)
                : (storage.getItem(key) ?? undefined),
            set: (_, key, value) => (storage.setItem(key, value), true),
            defineProperty: (_, key, { value }) => (storage.setItem(key, value), true),
            deleteProperty: (_, key) => (storage.removeItem(key), true),
          });
          behind.set(proxy, storage);
          shown.set(storage, proxy);
        }
        return proxy ?? storage;
      },
    }));
  }
  // Events tell of a storage: pages compare it with theirs, and make such events themselves.
  replace(StorageEvent.prototype, "storageArea", ({ get }) => ({
    get() {
      const storage = get.call(this);
      return shown.get(storage) ?? storage;
    },
  }));
  replaceMethod(
    globalThis,
    "StorageEvent",
    (Native) =>
      new Proxy(Native, {
        construct(_, [type, about, ...rest], target) {
          const given = about?.storageArea ? { ...about, storageArea: real(about.storageArea) } : about;
          return Reflect.construct(Native, [type, given, ...rest], target);
        },
      }),
  );
}

/** A database or cache that may not be opened fails as in a browser that keeps no data. */
const refusal = () => new DOMException("There is no consent to keep data here", "SecurityError");

function guardDatabases() {
  replaceMethod(
    globalThis.IDBFactory?.prototype,
    "open",
    (open) =>
      function (...given) {
        const name = `${given[0]}`;
        const ask = () => passes(verdict(STORAGE, name), "database", name);
        const isKnown = !!engine;
        if (isKnown && ask()) return open.apply(this, given);
        const { request, follow, fail } = stand(IDBOpenDBRequest);
        whenOpen(() => {
          if (!isKnown && ask()) follow(open.apply(this, given));
          else fail(refusal());
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
            if (passes(verdict(STORAGE, `${name}`), "cache", `${name}`)) open.call(this, name).then(done, failed);
            else failed(refusal());
          }),
        );
      },
  );
}

/** A request that the page gets at once, and that later speaks for the browser's own, or fails. */
function stand(Class) {
  let own = { readyState: "pending", result: undefined, error: null, transaction: null, source: null };
  const properties = {};
  for (const field of Object.keys(own)) properties[field] = { get: () => own[field] };
  const types = ["success", "error", "upgradeneeded", "blocked"];
  const request = standIn(Class, properties, types);
  return {
    request,
    follow(opened) {
      own = opened;
      for (const type of types) {
        own.addEventListener(type, (event) => send(request, new event.constructor(type, event)));
      }
    },
    fail(error) {
      own = { ...own, readyState: "done", error };
      setTimeout(() => send(request, new Event("error", { cancelable: true })));
    },
  };
}
