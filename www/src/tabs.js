// A choice made in one tab holds in all tabs of the site at once.

import { cookies } from "./guard/cookies.js";
import { signal } from "./guard/property.js";

let channel;

/** Calls `changed` when the choice may have been made elsewhere, with the name of the choice where a tab told of it. */
export function listen(changed) {
  let seen = cookies();
  const look = () => {
    const found = cookies();
    if (found != seen) {
      seen = found;
      changed();
    }
  };
  const connect = () => {
    channel?.close();
    try {
      channel = new BroadcastChannel("placet");
      channel.onmessage = ({ data }) => changed(data);
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

/** Tells the other tabs of a choice, by its name. */
export const tell = (id) => channel?.postMessage(id);
