// The layers beside the first, and what people do with each of them.

import { notes } from "./notes.js";
import { uncover } from "./uncover.js";

/** A way back of the page's own. */
const OWN = "[data-placet-show]";

/** Until the page has none. */
export const untilGone = () =>
  new Promise((gone) => {
    const look = () => document.querySelector(OWN) || gone(observer.disconnect());
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
    look();
  });

/** Takes over a view in which the first layer stands, or none. */
export function layers(view) {
  const { api, part, prepare, signal, host, root, stage } = view;
  const words = notes(view);
  let preferences;
  /** What had the focus before the preferences were opened. */
  let opener;
  /** Whether a choice was made with what is shown. */
  let isSaved = false;

  /** Loads the preferences. */
  async function more() {
    const loaded = await part("preferences");
    preferences ??= loaded.preferences(view);
    root.adoptedStyleSheets = view.styles;
  }

  function open(what) {
    // Everything may have been taken back while something was on its way.
    if (signal.aborted) return;
    if (what == "preferences") {
      const { activeElement } = document;
      opener = [host, document.body].includes(activeElement) ? null : activeElement;
    }
    if (what == "banner") view.open(what, view.firstLayer(view));
    else if (what == "preferences") {
      // A dialog is told by the browser.
      view.open(what, preferences.dialog(), "");
      preferences.open(stage, close);
    } else view.open(what, words[what](), what == "button" ? isSaved && words.saved : undefined);
    isSaved = false;
  }

  function close() {
    open(api.standing().isAsking ? "banner" : "button");
    if (opener?.isConnected) opener.focus();
    else stage.querySelector("[data-do=show]")?.focus();
  }

  // The page may replace all of itself, and with it a way back of its own.
  view.stay = () => {
    const { shown } = view;
    const isWrong = shown == "button" && !stage.firstElementChild == !document.querySelector(OWN);
    if (shown && (!host.isConnected || isWrong)) open(shown);
  };
  root.adoptedStyleSheets = view.styles;

  return {
    /** Shows `preferences`, `note`, `stale`, or `button` for nothing but the way back to them. */
    async show(what) {
      if (what == "preferences") await more();
      // Nothing takes the place of the preferences while they are read; closed, they may be asked for again
      // before they have said so.
      if (!stage.querySelector("dialog[open]") && (view.shown != what || what == "preferences")) open(what);
    },
    /** Does what a button says that stands in the layer of this name. */
    async act(what, shown) {
      if (what == "show") {
        await more();
        open("preferences");
      } else if (what == "close") {
        if (shown == "preferences") stage.querySelector("dialog").close();
        else open("button");
      } else if (what == "reload") location.reload();
      else {
        const decisions = what == "save" ? preferences.selected(stage) : what;
        await prepare();
        view.shown = "";
        isSaved = true;
        api.choose(decisions, shown == "preferences" ? shown : "banner", host.lang);
        if (!view.shown) close();
      }
    },
    async placeholder(...about) {
      await more();
      preferences.placeholder(...about);
    },
    // Some browsers scroll to it later.
    uncover: (target) => requestAnimationFrame(() => uncover(stage, host, target)),
  };
}
