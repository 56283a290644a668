// A choice made in one tab holds in all tabs of the site at once.

import { cookies } from "./guard/cookies.js";
import { signal } from "./guard/property.js";

/** How often a cookie is looked for that a tab told of, and how many milliseconds lie between. */
const LOOKS = 50;
const PAUSE = 100;

let channel;

/** Calls `changed` when the choice may have been made elsewhere. */
export function listen(changed) {
  let seen = cookies();
  const look = () => {
    const found = cookies();
    if (found != seen) {
      seen = found;
      changed();
    }
  };
  // The word of a choice may be there before its cookie is, which decides.
  const hear = (pair, looks = LOOKS) => {
    if (looks && !cookies().includes(pair)) setTimeout(hear, PAUSE, pair, looks - 1);
    else changed();
  };
  const connect = () => {
    channel?.close();
    try {
      channel = new BroadcastChannel("placet");
      channel.onmessage = ({ data }) => hear(data);
    } catch {
      // Every browser that can show the banner has channels. In others a choice is found when the tab is looked at again.
    }
  };
  connect();
  // A page that could hear in the back/forward cache would be thrown out of it by the first message: it
  // hears nothing there, and looks when it is restored.
  addEventListener("pagehide", () => channel?.close(), { signal });
  addEventListener("pageshow", () => (connect(), look()), { signal });
  signal.addEventListener("abort", () => channel?.close());
  document.addEventListener("visibilitychange", look, { signal });
}

/** Tells the other tabs of a choice, by the pair of its cookie. */
export const tell = (pair) => channel?.postMessage(pair);
