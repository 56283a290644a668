// What a choice takes: it is made, told to the server and to other tabs, what it grants is released, and what it
// refuses is taken back. A part of its own, which a visitor loads who chooses or has chosen.

import { removeRefused } from "./clear.js";

export { enter, update } from "./gate.js";
export { layers, untilGone } from "./layers.js";

const HOW = { banner: 0, preferences: 1, api: 3 };

/** Makes a choice; see `choose` of `page.js`, whose page this is. */
export function choose(page, said, how = "api", language) {
  const { settings, cookies } = page;
  const ids = Object.keys(page.standing().categories);
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
  const id = crypto.getRandomValues(new Uint8Array(16));
  const length = page.call("choose", [id], granted, refused, HOW[how], page.now());
  const line = new TextDecoder().decode(page.take(length));
  page.writeCookie(line);
  const settled = page.settle();
  const [pair] = line.split(";");
  page.tell(idOf(pair));
  if (settings.endpoint) submit(page, decisions, how, pair, earlier, language);
  return settled;
}

/** How often a cookie is looked for that a tab told of, and how many milliseconds lie between. */
const LOOKS = 50;
const PAUSE = 100;

/** The name of a choice in the pair of its cookie, which is the same in the cookie that a server makes of it. */
const idOf = (pair) => pair.split("=")[1].split(".")[4];

/** Lets take effect what was chosen elsewhere. The word of a choice, its name, may be there before its cookie is, which
 * decides. */
export function arrive(page, id = "", looks = LOOKS) {
  const { call, cookies, now, settle } = page;
  if (looks && !cookies().includes(id)) return setTimeout(arrive, PAUSE, page, id, looks - 1);
  call("arrive", [cookies()], now());
  settle();
}

/** Removes what is refused by now. */
export const clear = (page) =>
  removeRefused(page).catch((error) => {
    console.error("placet: what is refused could not be taken back", error);
    throw error;
  });

/** What the server was not told yet, and the request that tells it. */
let untold = {};
let telling;

/**
 * Tells the server, whose cookie outlives one that a script sets in some browsers. `pair` is the choice in its cookie:
 * a later one takes the place of all that are still on their way. The server gets its name, so that it is recorded once
 * however often it is told, and what its cookie was among the `earlier` ones.
 */
async function submit(page, decisions, how, pair, earlier, language) {
  const { settings, cookies, emit } = page;
  telling?.abort();
  const own = (telling = new AbortController());
  untold = { ...untold, ...decisions };
  const optional = Object.entries(untold).filter(([id]) => id != "necessary");
  const word = (isGranted) => (isGranted ? "granted" : "refused");
  const categories = Object.fromEntries(optional.map(([id, isGranted]) => [id, word(isGranted)]));
  const isKept = cookies().includes(pair);
  const [name] = pair.split("=");
  const id = idOf(pair);
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
        return arrive(page);
      }
    } catch {
      // Once more.
    }
  }
  if (!own.signal.aborted) emit("unsaved");
}

