// A choice made in one tab holds in all tabs of the site at once.

import { cookies } from "./guard/cookies.js";
import { whenRestored } from "./guard/property.js";

const NAME = "placet";
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
  try {
    channel = new BroadcastChannel(NAME);
    channel.onmessage = changed;
  } catch {
    // Without it the choice is found when the tab is looked at again.
  }
  // A page out of the back/forward cache has missed every message.
  const events = [
    [window, "pageshow"],
    [document, "visibilitychange"],
  ];
  for (const [target, event] of events) target.addEventListener(event, look);
  whenRestored(() => {
    channel?.close();
    for (const [target, event] of events) target.removeEventListener(event, look);
  });
}

/** Tells the other tabs. */
export function tell() {
  channel?.postMessage(0);
}
