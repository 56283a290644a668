// A choice made in one tab holds in all tabs of the site at once.

import { cookies } from "./guard/cookies.js";
import { signal } from "./guard/property.js";
import { real } from "./guard/storage.js";

const NAME = "placet";
const { setItem } = Storage.prototype;
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
  const hear = ({ key }) => key == NAME && changed();
  const connect = () => {
    channel?.close();
    try {
      channel = new BroadcastChannel(NAME);
      channel.onmessage = changed;
    } catch {
      // Without it a key of the storage comes and goes. WebKit tells of none before a page has looked at its
      // storage.
      addEventListener("storage", hear, { signal });
      stored(({ length }) => length);
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

/** Tells the other tabs. */
export function tell() {
  if (channel) return channel.postMessage(0);
  stored((storage) => {
    setItem.call(storage, NAME, "");
    storage.removeItem(NAME);
  });
}

/** What is done with the browser's own storage. */
function stored(task) {
  try {
    task(real(localStorage));
  } catch {
    // Where no data is kept, the choice is found when the tab is looked at again, or not at all.
  }
}
