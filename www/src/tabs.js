// A choice made in one tab holds in all tabs of the site at once.

import { cookies } from "./guard/cookies.js";
import { signal } from "./guard/property.js";
import { real } from "./guard/storage.js";

const NAME = "placet";
const { setItem } = Storage.prototype;
let channel;

/** Calls `changed` when the choice may have been made elsewhere, with its cookie where a tab told of it. */
export function listen(changed) {
  let seen = cookies();
  const look = () => {
    const before = seen;
    seen = cookies();
    if (seen != before) changed();
  };
  const hear = ({ key, newValue }) => key == NAME && newValue && changed(newValue);
  const connect = () => {
    channel?.close();
    try {
      channel = new BroadcastChannel(NAME);
      channel.onmessage = ({ data }) => changed(data);
    } catch {
      // Without it a key of the storage comes and goes. WebKit tells of none before a page has looked at its
      // storage.
      addEventListener("storage", hear, { signal });
      stored(({ length }) => length);
    }
    look();
  };
  connect();
  // A page that could hear in the back/forward cache would be thrown out of it by the first message: it
  // hears nothing there, and looks when it is restored.
  addEventListener("pagehide", () => channel?.close(), { signal });
  addEventListener("pageshow", connect, { signal });
  signal.addEventListener("abort", () => channel?.close());
  document.addEventListener("visibilitychange", look, { signal });
}

/** Tells the other tabs of a choice, in its cookie: the word of it may be there before the cookie is. */
export function tell(pair) {
  if (channel) return channel.postMessage(pair);
  stored((storage) => {
    setItem.call(storage, NAME, pair);
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
