// The second layer, and what stands in the place of a frame: what few visitors see of the banner, loaded
// when one does.

import { english } from "placet:preferences";
import { dialog } from "./dialog.js";
import { placeholder } from "./placeholder.js";
import css from "./style.css";

/** The two as functions of a view, in its language and with the styles they need. */
export function preferences(view) {
  const styles = new CSSStyleSheet();
  styles.replaceSync(css);
  view.styles.push(styles);
  const all = { ...view, words: view.texts.preferences ?? english };
  return {
    dialog: () => dialog(all),
    /** Opens it where it was built; `close` is called when it is closed there. */
    open(stage, close) {
      const built = stage.querySelector("dialog");
      built.showModal();
      built.addEventListener("close", () => built.isConnected && close());
    },
    /** What its switches say. */
    selected: (stage) =>
      Object.fromEntries([...stage.querySelectorAll("input")].map(({ name, checked }) => [name, checked])),
    placeholder: (element, condition) => placeholder(element, condition, all),
  };
}
