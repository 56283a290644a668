// What stands in the place of a frame or other content that waits for consent: whose it is, and a
// button that grants its category in place.

import { build, fill } from "../banner/build.js";

const placed = new WeakMap();

/** Shows it before an element, or takes it away where the condition is empty. */
export function placeholder(element, condition, { api, settings, texts, words, styles }) {
  const before = placed.get(element);
  if (before) {
    if (condition) return;
    before.remove();
    placed.delete(element);
    return;
  }
  // Only where one button can say what is granted.
  const service = settings.policy.services.find((one) => one.id == condition);
  const id = service?.category ?? condition;
  if (!condition || !(id in api.standing().categories)) return;
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
  root.querySelector("button").addEventListener("click", () => api.choose({ [id]: true }, "banner"));
  placed.set(element, host);
  element.before(host);
}
