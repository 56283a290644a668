// One page: what the engine says of its visitor, and what follows from a change.

import { placeholder } from "./banner/main.js";
import { emit, off, on } from "./events.js";
import { cookies, writeCookie } from "./guard/cookies.js";
import { restore } from "./guard/property.js";
import { mayLoad } from "./guard/requests.js";
import { ALL, EXPRESSION, REASONS, ask, engine, now, whenOpen, whole } from "./judge.js";
import { part } from "./parts.js";
import { retried } from "./retried.js";
import { holdScript, isReleased, releaseScript } from "./scripts.js";
import { tell } from "./tabs.js";
import { run, setLoad, setUpdate } from "./watch.js";

const DECISIONS = ["refused", "undecided", "granted"];
const STANDARD = ["necessary", "functional", "analytics", "marketing"];

/** What the page was given: the policy document, and the attributes of the tag. */
export const settings = {};

/** Shows something of the banner's part, which is loaded for it. */
let banner = () => {};
export const setBanner = (show) => (banner = show);

/** What holds, category by category, with its reason; null until the engine has started. */
export const standing = () => (engine ? read(view()) : null);

const view = () => engine.take(ask(ALL));

/** What the engine's view says. */
function read(view) {
  const [flags, count] = view;
  const ids = [...STANDARD, ...(settings.policy.categories ?? []).map((own) => own.id)];
  const categories = {};
  for (let number = 0; number < count; number++) {
    categories[ids[number]] = {
      decision: DECISIONS[view[2 + 2 * number]],
      reason: REASONS[view[3 + 2 * number]],
    };
  }
  const made = flags & 4 && Number(new DataView(view.buffer, 2 + 2 * count).getBigInt64(0, true));
  return {
    categories,
    signals: settings.signals,
    made: made ? new Date(made * 1000) : null,
    stale: !!(flags & 8),
    isAsking: !!(flags & 1),
    isNoting: !!(flags & 2),
    yields: !!(flags & 16),
  };
}

/** Whether what an expression names is granted; nothing is until the engine has started. */
export const allows = (expression) => !!engine && ask(EXPRESSION, expression) == 1;

let isReady = false;

/** Loads what follows from a choice, a part of the script. */
export const follow = retried(async () => {
  const loaded = await part("choice");
  loaded.enter(inside);
  setUpdate(loaded.update);
  inside.choose = loaded.choose;
  return loaded;
});

/** Makes ready for a choice, which takes the whole engine too. */
export const prepare = async () => {
  const [loaded] = await Promise.all([follow(), whole()]);
  isReady = true;
  return loaded;
};

/** What that part has of the page. */
export const inside = {
  settings,
  ask,
  call: (...given) => engine(...given),
  take: (length) => engine.take(length),
  standing,
  settle,
  emit,
  tell,
  now,
  cookies,
  writeCookie,
  holdScript,
  isReleased,
  releaseScript,
  mayLoad,
  placeholder,
};

/** Loads what releases elements, and lets it. */
setLoad(() => void follow().then(run, () => {}));

/**
 * Makes a choice, once the engine runs: `{ analytics: true, marketing: false }`, or one word for all categories,
 * `"granted"` or `"refused"`. Categories that are not named stay as they were chosen. What it gives ends when what is
 * refused has been taken back. `language` is the one in which the banner asked.
 */
export function choose(...given) {
  if (isReady) return inside.choose(inside, ...given);
  const made = api.ready.then(prepare).then(({ choose }) => choose(inside, ...given));
  // Who does not ask how it ends is not bothered with it.
  made.catch(() => {});
  return made;
}

/** The choice may have been made elsewhere: `id` is its name, where it is known. */
export const arrive = async (id) => (id || isReady || mayHaveChosen()) && (await prepare()).arrive(inside, id);

/** Whether the consent cookie stands among the cookies. */
export const mayHaveChosen = () => cookies().includes(`${settings.policy.consent_cookie?.name ?? "placet"}=`);

/** What held when it last took effect. */
let before;

/** Lets what holds by now take effect. */
export function settle() {
  // What runs before the first look was not held, and would not be held by loading the page anew.
  const isStale = run() && before !== undefined;
  const seen = view();
  const holds = read(seen);
  const decided = Object.values(holds.categories);
  const isRefused = decided.some(({ decision }) => decision == "refused");
  // What was granted may be refused when nothing can be loaded any more.
  const isLoaded = (isRefused || decided.some(({ reason }) => reason == "chosen")) && prepare();
  const cleared = Promise.resolve(isLoaded)
    .then((loaded) => isRefused && loaded.clear(inside));
  // Who does not ask how it ends is not bothered with it.
  cleared.catch(() => {});
  const { isAsking, isNoting } = holds;
  const isNew = `${seen}` != before;
  if (isNew) emit("change", holds);
  // What has run goes on running until the page is loaded anew.
  if (isStale && "reload" in settings) return cleared.then(() => location.reload());
  if (isStale) emit("stale");
  if (isNew || isStale) banner(isStale ? "stale" : isAsking ? "banner" : isNoting ? "note" : "button");
  before = `${seen}`;
  return cleared;
}

/** What a page can call: `window.placet`. */
export const api = {
  standing,
  allows,
  choose,
  /** Refuses everything that can be refused. */
  withdraw: () => choose("refused"),
  show: (what = "preferences") => whenOpen(() => banner(what)),
  on,
  off,
  restore,
};
