// What scripts ask for over the network: fetch, XMLHttpRequest, beacons, sockets and event streams.
// Only what a service of the policy declares, and what is not granted, is refused; the page's own
// requests match nothing.

import { send, standIn } from "../events.js";
import { ask as verdict, engine, passes, whenOpen } from "../judge.js";
import { replaceMethod } from "./property.js";

export const SCRIPT = 0;
export const FRAME = 1;
export const IMAGE = 2;
const REQUEST = 3;

/** The address of something as the engine reads it; the empty text where it is none. */
export function absolute(url) {
  try {
    return new URL(url, document.baseURI).href;
  } catch {
    return "";
  }
}

const KINDS = ["script", "frame", "image", "request"];

/** What an address contains at least that the policy declares; not known before the policy is here. */
let hosts;
export function expect(policy) {
  hosts = policy.services
    .filter((service) => service.category != "necessary")
    .flatMap(({ scripts = [], frames = [], images = [], requests = [] }) => [scripts, frames, images, requests].flat())
    .map((pattern) => (/^[^:]*:\/\/(?:\*\.)?(\[[^\]]*\]|[^/*:]*)/.exec(pattern)?.[1] ?? "").toLowerCase());
}

/**
 * Whether an address may be loaded. Undefined while the engine starts and the address looks like one
 * that the policy declares; where the policy is not here either, one of another origin.
 */
export function mayLoad(kind, url) {
  const address = absolute(url);
  // What is no address of the network's comes from the page itself.
  if (!/^(http|ws)/.test(address)) return true;
  if (!engine) {
    const isOther = hosts?.some((host) => address.includes(host)) ?? new URL(address).host != location.host;
    return isOther ? undefined : true;
  }
  return passes(verdict(kind, address), KINDS[kind], address.split(/[?#]/)[0]);
}

/** Calls `ask` with whether an address may be loaded, as soon as that is known. */
function whenKnown(url, ask) {
  const known = mayLoad(REQUEST, url);
  if (known === undefined) whenOpen(() => ask(mayLoad(REQUEST, url)));
  else ask(known);
}

/** Something of a class that fails soon, as if the network had. */
function failing(target, fields, kinds) {
  const properties = {};
  for (const [name, value] of Object.entries({ close() {}, send() {}, ...fields })) {
    properties[name] = { value, writable: true };
  }
  const failed = standIn(target, properties, ["open", "message", "error", "close"]);
  setTimeout(() => {
    for (const kind of kinds) send(failed, new Event(kind));
  });
  return failed;
}

export function guardRequests() {
  replaceMethod(
    globalThis,
    "fetch",
    (fetch) =>
      function (...given) {
        return new Promise((done, failed) =>
          whenKnown(given[0]?.url ?? given[0], (may) => {
            if (may) fetch.apply(globalThis, given).then(done, failed);
            else done(new Response(null, { status: 451 }));
          }),
        );
      },
  );

  const asked = new WeakMap();
  replaceMethod(
    XMLHttpRequest.prototype,
    "open",
    (open) =>
      function (...given) {
        asked.set(this, { url: given[1], waits: given.length < 3 || given[2] });
        return open.apply(this, given);
      },
  );
  replaceMethod(
    XMLHttpRequest.prototype,
    "send",
    (send) =>
      function (...given) {
        const { url, waits } = asked.get(this) ?? {};
        const ask = (may) => {
          // It may have been taken back, or opened anew, by now.
          if (asked.get(this)?.url !== url) return;
          if (may) return send.apply(this, given);
          setTimeout(() => {
            for (const kind of ["error", "loadend"]) this.dispatchEvent(new ProgressEvent(kind));
          });
        };
        if (url === undefined) send.apply(this, given);
        else if (waits) whenKnown(url, ask);
        else ask(mayLoad(REQUEST, url));
      },
  );

  replaceMethod(
    XMLHttpRequest.prototype,
    "abort",
    (abort) =>
      function () {
        asked.delete(this);
        abort.call(this);
      },
  );

  replaceMethod(
    globalThis.Navigator?.prototype,
    "sendBeacon",
    (sendBeacon) =>
      function (...given) {
        let isSent = true;
        whenKnown(given[0], (may) => (isSent = may && sendBeacon.apply(this, given)));
        return isSent;
      },
  );

  for (const [name, kinds, readyState, scheme] of [
    ["WebSocket", ["error", "close"], 3, "ws"],
    ["EventSource", ["error"], 2, "http"],
  ]) {
    replaceMethod(
      globalThis,
      name,
      (Native) =>
        new Proxy(Native, {
          construct(_, given, target) {
            // A socket may be asked for by an address of the web's.
            const url = absolute(given[0]).replace(/^http/, scheme);
            if (mayLoad(REQUEST, url)) return Reflect.construct(Native, given, target);
            return failing(target, { url, readyState }, kinds);
          },
        }),
    );
  }
}
