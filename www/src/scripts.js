// Letting scripts run that were held as `text/plain`: once each, in the order of their release, fetched
// in parallel.

/** Those that were released, and the copies that ran for them. */
const released = new WeakSet();
export const isReleased = (element) => released.has(element);

/** Ends when every script released so far has run. */
let last = Promise.resolve();

/** Holds a script that has not run yet. */
export function holdScript(element) {
  if (element.type) element.dataset.type = element.type;
  element.type = "text/plain";
}

/** Runs a held script, if `isGranted` still says so when it is its turn. */
export function releaseScript(element, isGranted) {
  released.add(element);
  // A copy has the nonce and the address too, and no policy about scripts minds it.
  const copy = element.cloneNode(true);
  const { type } = element.dataset;
  if (type) copy.type = type;
  else copy.removeAttribute("type");
  copy.async = element.hasAttribute("async");
  released.add(copy);
  const insert = () => {
    if (isGranted()) element.replaceWith(copy);
    else released.delete(element);
  };
  const url = element.getAttribute("src");
  if (!url) {
    last = last.then(insert);
  } else if (copy.async) {
    insert();
  } else {
    // Fetched at once, run in its turn.
    const hint = document.createElement("link");
    Object.assign(hint, { rel: type == "module" ? "modulepreload" : "preload", as: "script", href: url, nonce: element.nonce });
    Object.assign(hint, { crossOrigin: element.crossOrigin, integrity: element.integrity });
    const fetched = new Promise((done) => (hint.onload = hint.onerror = done));
    document.head?.append(hint);
    last = last.then(
      () =>
        new Promise((ended) => {
          copy.addEventListener("load", ended);
          copy.addEventListener("error", ended);
          insert();
          // Nothing is told of a script that is not there or that this browser does not run, and none runs
          // that `innerHTML` inserted, which nobody can see of it: fetched, it would have run by then.
          if (!copy.isConnected || copy.noModule) ended();
          fetched.then(() => setTimeout(ended, 1000));
        }),
    );
  }
}
