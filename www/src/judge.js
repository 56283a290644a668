// The engine's verdicts for the rest of the script, also while the engine starts: what is asked then
// is answered when it has started, in the order of asking. If it cannot start, nothing is answered,
// and what waits for a verdict goes on waiting: the page stays closed.

import { emit } from "./events.js";

export * from "./about.js";

/** The reasons in the order of the engine. */
export const REASONS =
  "necessary gpc dnt chosen stale regime undeclared nameless consent-cookie essential deletion".split(" ");

/** Asks the running engine; undefined before. */
export let engine;
let services = [];
let waiting = [];
let more;

/** Lets a started engine answer. One for a first visit leaves some questions to the whole one, which `whole` gives. */
export function open(started, policy, whole) {
  engine = started;
  more = whole;
  services = policy.services.map((service) => service.id);
  const asked = waiting;
  waiting = [];
  for (const ask of asked) {
    try {
      ask();
    } catch (error) {
      // What fails now would have failed in the page's own code: it stops none of the others.
      reportError(error);
    }
  }
}

/** Calls `ask` now, or when the engine has started. */
export function whenOpen(ask) {
  if (engine) ask();
  else waiting.push(ask);
}

/** Asks the whole engine from now on, which may have to be loaded. */
export const whole = async () => more && (engine = await more());

/** Asks the running engine. */
export const ask = (about, text = "") => engine("ask", [text], about, now());

/** What the engine of a first visit leaves to the whole one. */
export const isLeft = (answer) => (answer & 3) == 3;

/** Seconds since 1970. */
export const now = () => Date.now() / 1000;

/**
 * Whether a packed verdict lets something pass. What it does not is told as an event, without values.
 */
export function passes(verdict, kind, name) {
  if (!(verdict & 3)) return true;
  const reason = REASONS[(verdict >> 2) & 63];
  emit("refused", { kind, name, reason, service: services[(verdict >> 8) - 1] });
  return false;
}
