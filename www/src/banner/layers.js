// The first layer, as data.

/** A button that does what its name says; all look alike, so that none has more weight. */
export const action = (what, text, kind) => ["button", { type: "button", "data-do": what, part: kind ?? "button", class: kind }, text];

/** Refuse and accept, side by side on the same layer. */
export const answers = ({ texts }) => [action("refused", texts.refuse_all), action("granted", texts.accept_all)];

/** The first layer: a region of the page, not a dialog, for it stops nobody from reading. */
export const firstLayer = ({ settings, texts }) => [
  "div",
  { class: "panel first", part: "banner", role: "region", "aria-labelledby": "title" },
  ["h2", { id: "title" }, texts.title],
  ["p", {}, texts.text, " ", settings.privacy && ["a", { href: settings.privacy, part: "link" }, texts.policy]],
  ["div", { class: "row" }, ...answers({ texts }), action("show", texts.choose)],
];
