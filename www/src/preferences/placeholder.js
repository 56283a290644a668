// What stands in the place of a frame or other content that waits for consent: whose it is, and a
// button that grants its category in place.

import { build, fill } from "../banner/build.js";

/** By element, what takes it away again. */
const placed = new WeakMap();

/** Shows it instead of an element, or takes it away where the condition is empty. */
export function placeholder(element, condition, { api, settings, texts, words, styles, signal }) {
  const remove = placed.get(element);
  if (remove) return condition || remove();
  // Only where one button can say what is granted.
  const service = settings.policy.services.find((one) => one.id == condition);
  const id = service?.category ?? condition;
  if (!condition || !(id in api.standing().categories)) return;
  const { offsetWidth, offsetHeight, style } = element;
  // What is so small is there to be asked for, not to be seen.
  if (offsetWidth && offsetWidth < 24) return;
  const name = service?.name ?? words.category[id]?.title ?? condition;
  const host = document.createElement("placet-placeholder");
  host.lang = texts.tag;
  host.dir = texts.direction;
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = styles;
  root.append(
    build([
      "div",
      { class: "placeholder", part: "placeholder", role: "group", "aria-label": name },
      ["p", {}, fill(words.placeholder, { service: name })],
      ["button", { type: "button", part: "button" }, fill(words.show, { service: name })],
    ]),
  );
  root.querySelector("button").addEventListener("click", () => api.choose({ [id]: true }, "banner", texts.tag));
  // As large as what it stands for, so that nothing moves.
  if (offsetWidth) {
    host.toggleAttribute("inline", getComputedStyle(element).display == "inline");
    host.style.cssText = `width:${offsetWidth}px;max-width:100%`;
    root.firstChild.style.minHeight = `${offsetHeight}px`;
  }
  const { display } = style;
  const away = () => {
    host.remove();
    style.display = display;
    placed.delete(element);
  };
  placed.set(element, away);
  signal.addEventListener("abort", away, { once: true });
  element.before(host);
  style.setProperty("display", "none", "important");
}
