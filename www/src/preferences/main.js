// The second layer, and what stands in the place of a frame: what few visitors see of the banner, loaded
// when one does.

import { english } from "placet:preferences";
import { dialog } from "./dialog.js";
import { placeholder } from "./placeholder.js";
import css from "./style.css";

let styles;

/** The two as functions of the banner's context, in its language and with the styles they need. */
export function preferences(context) {
  styles ??= new CSSStyleSheet();
  styles.replaceSync(css);
  const all = { ...context, words: context.texts.preferences ?? english, styles: [...context.styles, styles] };
  return {
    styles: all.styles,
    dialog: () => dialog(all),
    placeholder: (element, condition) => placeholder(element, condition, all),
  };
}
