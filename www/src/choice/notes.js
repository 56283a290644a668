// What else is small, as data: a note, and the permanent way back.

import { english } from "placet:notes";
import { action } from "../banner/layers.js";
import { closing } from "./closing.js";
import css from "./notes.css";

/** These layers by their names, and what is said after a choice, in the language of a view; its styles get theirs. */
export function notes({ texts, styles: all }) {
  const words = texts.notes ?? english;
  const styles = new CSSStyleSheet();
  styles.replaceSync(css);
  all.push(styles);
  const note = (text, button) => [
    "div",
    { class: "panel note", part: "note", role: "region", "aria-labelledby": "title" },
    ["p", { id: "title" }, text],
    ["div", { class: "row" }, button],
    closing(words),
  ];
  return {
    saved: words.saved,
    /** A signal is honoured. */
    note: () => note(words.honoured, action("show", words.reopen)),
    /** The page has to be loaded again. */
    stale: () => note(words.reload, action("reload", words.reload_now)),
    /** The way back, unless the page has one of its own. */
    button: () => (document.querySelector("[data-placet-show]") ? "" : action("show", words.reopen, "reopen")),
  };
}
