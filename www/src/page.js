// One page: what the engine says of its visitor, and what follows from a change.

import { emit, off, on } from "./events.js";
import { run } from "./gate.js";
import { cookies, writeCookie } from "./guard/cookies.js";
import { restore } from "./guard/property.js";
import { REASONS, engine, now, whenOpen } from "./judge.js";
import { part } from "./parts.js";
import { tell } from "./tabs.js";

const DECISIONS = ["refused", "undecided", "granted"];
const STANDARD = ["necessary", "functional", "analytics", "marketing"];
const HOW = { banner: 0, preferences: 1, api: 3 };

/** What the page was given: the policy document, and the attributes of the tag. */
export const settings = {};

/** Shows something of the banner's part, which is loaded for it. */
let banner = () => {};
export const setBanner = (show) => (banner = show);

/** What holds, category by category, with its reason; null until the engine has started. */
export const standing = () => (engine ? read(engine.view()) : null);

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
  const made = flags & 4 && Number(new DataView(view.buffer, view.byteOffset + 2 + 2 * count).getBigInt64(0, true));
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
export const allows = (expression) => engine?.allows(expression) == 1;

/**
 * Makes a choice, once the engine runs: `{ analytics: true, marketing: false }`, or one word for all categories,
 * `"granted"` or `"refused"`. Categories that are not named stay as they were chosen. What it gives ends when what is
 * refused has been taken back. `language` is the one in which the banner asked.
 */
export function choose(said, how = "api", language) {
  if (!engine) {
    const chosen = new Promise((done, fail) => {
      whenOpen(() => {
        try {
          done(choose(said, how, language));
        } catch (error) {
          fail(error);
        }
      });
      api.ready.catch(fail);
    });
    // Who does not ask how it ends is not bothered with it.
    chosen.catch(() => {});
    return chosen;
  }
  const ids = Object.keys(standing().categories);
  let granted = 0;
  let refused = 0;
  const decisions =
    typeof said == "string" ? Object.fromEntries(ids.map((id) => [id, said == "granted"])) : said;
  for (const [id, isGranted] of Object.entries(decisions)) {
    const number = ids.indexOf(id);
    if (number < 0) throw new RangeError(`placet: found the category \`${id}\`, expected one of ${ids}`);
    if (isGranted) granted |= 1 << number;
    else refused |= 1 << number;
  }
  const earlier = cookies();
  const line = engine.choose(granted, refused, HOW[how], crypto.getRandomValues(new Uint8Array(16)), now());
  writeCookie(line);
  const settled = settle();
  tell();
  if (settings.endpoint) submit(decisions, how, line.split(";")[0], earlier, language);
  return settled;
}

/** Refuses everything that can be refused. */
export const withdraw = () => choose("refused");

/** The choice may have been made elsewhere. */
export function arrive() {
  engine.arrive(cookies(), now());
  settle();
}

/** What held when it last took effect. */
let before;

/** Lets what holds by now take effect. */
export function settle() {
  // What runs before the first look was not held, and would not be held by loading the page anew.
  const isStale = run() && before !== undefined;
  const view = engine.view();
  const holds = read(view);
  const decided = Object.values(holds.categories);
  const isRefused = decided.some(({ decision }) => decision == "refused");
  // What was granted may be refused when nothing can be loaded any more.
  const isLoaded = (isRefused || decided.some(({ reason }) => reason == "chosen")) && part("clear");
  const cleared = Promise.resolve(isLoaded)
    .then((loaded) => isRefused && loaded.clear(engine, cookies(), writeCookie));
  cleared.catch((error) => console.error("placet: what is refused could not be taken back", error));
  const { isAsking, isNoting } = holds;
  const isNew = `${view}` != before;
  if (isNew) emit("change", holds);
  // What has run goes on running until the page is loaded anew.
  if (isStale && "reload" in settings) return cleared.then(() => location.reload());
  if (isStale) emit("stale");
  if (isNew || isStale) banner(isStale ? "stale" : isAsking ? "banner" : isNoting ? "note" : "button");
  before = `${view}`;
  return cleared;
}

/** What the server was not told yet, and the request that tells it. */
let untold = {};
let telling;

/**
 * Tells the server, whose cookie outlives one that a script sets in some browsers. `pair` is the choice in its cookie:
 * a later one takes the place of all that are still on their way. The server gets its name, so that it is recorded once
 * however often it is told, and what its cookie was among the `earlier` ones.
 */
async function submit(decisions, how, pair, earlier, language) {
  telling?.abort();
  const own = (telling = new AbortController());
  untold = { ...untold, ...decisions };
  const optional = Object.entries(untold).filter(([id]) => id != "necessary");
  const word = (isGranted) => (isGranted ? "granted" : "refused");
  const categories = Object.fromEntries(optional.map(([id, isGranted]) => [id, word(isGranted)]));
  const isKept = cookies().includes(pair);
  const [name, value] = pair.split("=");
  const id = value.split(".")[4];
  const follows = `; ${earlier}`.split(`; ${name}=`)[1]?.split(";")[0];
  for (let tries = 0; tries < 2; tries++) {
    // Another tab may have chosen meanwhile.
    if (own.signal.aborted || (tries && isKept && !cookies().includes(pair))) return;
    try {
      const { ok, headers } = await settings.fetch(settings.endpoint, {
        method: "POST",
        keepalive: true,
        signal: own.signal,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ categories, how, id, follows, language }),
      });
      if (ok) {
        untold = {};
        if (headers.get("placet-receipt") == "nowhere") emit("unrecorded");
        return arrive();
      }
    } catch {
      // Once more.
    }
  }
  if (!own.signal.aborted) emit("unsaved");
}

/** What a page can call: `window.placet`. */
export const api = {
  standing,
  allows,
  choose,
  withdraw,
  show: (what = "preferences") => whenOpen(() => banner(what)),
  on,
  off,
  restore,
};
