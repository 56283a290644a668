// The first layer and what else is small, as data.

/** A button that does what its name says; all look alike, so that none has more weight. */
export const action = (what, text, kind) => ["button", { type: "button", "data-do": what, part: kind ?? "button", class: kind }, text];

/** Refuse and accept, side by side on the same layer. */
export const answers = ({ texts }) => [action("refused", texts.refuse_all), action("granted", texts.accept_all)];

export const closing = ({ texts }) => ["button", { type: "button", "data-do": "close", class: "close", part: "close", "aria-label": texts.banner.close }, "×"];

const policyLink = ({ settings, texts }) =>
  settings.privacy && ["a", { href: settings.privacy, part: "link" }, texts.banner.policy];

/** The first layer: a region of the page, not a dialog, for it stops nobody from reading. */
export const firstLayer = (context) => [
  "div",
  { class: "panel first", part: "banner", role: "region", "aria-labelledby": "title" },
  ["h2", { id: "title" }, context.texts.title],
  ["p", {}, context.texts.banner.text, " ", policyLink(context)],
  ["div", { class: "row" }, ...answers(context), action("show", context.texts.banner.choose)],
];

/** A signal is honoured, or the page has to be loaded again. */
export const note = (context, what) => [
  "div",
  { class: "panel note", part: "note", role: "region", "aria-labelledby": "title" },
  ["p", { id: "title" }, what == "stale" ? context.texts.banner.reload : context.texts.banner.honoured],
  [
    "div",
    { class: "row" },
    what == "stale" ? action("reload", context.texts.banner.reload_now) : action("show", context.texts.banner.reopen),
  ],
  closing(context),
];

/** The way back, unless the page has one of its own. */
export const button = ({ texts }) =>
  document.querySelector("[data-placet-show]") ? "" : action("show", texts.banner.reopen, "reopen");
