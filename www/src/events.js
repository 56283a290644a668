// What the page can listen to. A listener that comes late is told what happened before it came, so
// that the order of scripts does not matter.

/** How many events are kept for late listeners; of more, the first ones. */
const MOST_KEPT = 100;

const listeners = {};
const past = {};

/** Calls `listener` for every event of a kind, also for those that have been. */
export function on(kind, listener) {
  (listeners[kind] ??= new Set()).add(listener);
  for (const detail of past[kind] ?? []) call(listener, detail);
}

/** No longer calls it. */
export function off(kind, listener) {
  listeners[kind]?.delete(listener);
}

export function emit(kind, detail) {
  const kept = (past[kind] ??= []);
  if (kept.length < MOST_KEPT) kept.push(detail);
  for (const listener of listeners[kind] ?? []) call(listener, detail);
}

/** A listener that fails is the page's affair: it is told like any other error, and stops nothing. */
function call(listener, detail) {
  try {
    listener(detail);
  } catch (error) {
    reportError(error);
  }
}

/** A target of ours that passes for one of a class: with these properties, and listeners of these kinds. */
export function standIn({ prototype }, properties, kinds) {
  const target = Object.setPrototypeOf(new EventTarget(), prototype);
  for (const kind of kinds) properties[`on${kind}`] = { value: null, writable: true };
  return Object.defineProperties(target, properties);
}

/** Sends an event to a target of ours as a browser does to its own, whose `on…` listens too. */
export function send(target, event) {
  const listener = target[`on${event.type}`];
  if (listener) target.addEventListener(event.type, listener, { once: true });
  target.dispatchEvent(event);
}
