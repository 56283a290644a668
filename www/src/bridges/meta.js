// The Meta pixel: `fbq("consent", "revoke")` before its `init`, on every page, and `fbq("consent", "grant")`
// where marketing is granted.

import { command } from "./defaults.js";

export function meta(options, { quietly, restored }) {
  let holds = "revoke";
  let told;
  const tell = (fbq) => {
    if (!told) {
      // What waits for the pixel's script may have its `init` in it.
      if (fbq.queue && !fbq.callMethod) fbq.queue.unshift(command("consent", "revoke"));
      else fbq("consent", "revoke");
      told = "revoke";
    }
    if (told != holds) {
      fbq("consent", holds);
      told = holds;
    }
  };
  if (window.fbq) quietly(() => tell(window.fbq));
  else whenSet("fbq", (fbq) => quietly(() => tell(fbq)), restored);
  return (of) => {
    holds = of("marketing").decision == "granted" ? "grant" : "revoke";
    if (window.fbq) tell(window.fbq);
  };
}

/**
 * Calls `first` with what comes to stand in the window under a name, before anybody else can call it. Until
 * then there is nothing to be seen: the pixel's own snippet does nothing where it finds something.
 */
function whenSet(name, first, restored) {
  let value;
  const leave = () => {
    restored.removeEventListener("abort", leave);
    delete window[name];
    if (value !== undefined) window[name] = value;
  };
  Object.defineProperty(window, name, {
    configurable: true,
    set(given) {
      value = given;
    },
    get() {
      // The snippet gives it its queue after its name.
      if (value?.queue || value?.callMethod) {
        leave();
        first(value);
      }
      return value;
    },
  });
  restored.addEventListener("abort", leave);
}
