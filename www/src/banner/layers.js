// The layers as data.

import { fill } from "./build.js";

/** A button that does what its name says; all look alike, so that none has more weight. */
const action = (what, text, kind) => ["button", { type: "button", "data-do": what, part: kind ?? "button", class: kind }, text];

/** Refuse and accept, side by side on the same layer. */
const answers = ({ texts }) => [action("refused", texts.refuse_all), action("granted", texts.accept_all)];

const closing = ({ texts }) => ["button", { type: "button", "data-do": "close", class: "close", part: "close", "aria-label": texts.banner.close }, "×"];

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

/** The preferences. */
export function dialog(context) {
  const { api, settings, texts } = context;
  const standing = api.standing();
  const own = Object.fromEntries((settings.policy.categories ?? []).map((category) => [category.id, category]));
  const ids = Object.keys(standing.categories);
  const used = ids.filter((id) => own[id] || settings.policy.services.some((service) => service.category == id));
  return [
    "dialog",
    { class: "panel preferences", part: "preferences", "aria-labelledby": "title" },
    ["h2", { id: "title" }, texts.title],
    ["p", {}, texts.intro],
    signals(standing, texts),
    ...used.map((id) => category(id, standing.categories[id], own[id], context)),
    ["div", { class: "row" }, ...answers(context), action("save", texts.save)],
    closing(context),
  ];
}

/** What the browser asks for, as it was seen. */
function signals({ signals: { gpc, dnt }, categories }, texts) {
  const refused = (reason) => Object.values(categories).some((category) => category.reason == reason);
  const sent = [gpc && texts.signal.gpc, dnt == "1" && texts.signal.dnt].filter(Boolean);
  return sent.length > 0 && ["p", { class: "signal" }, (refused("gpc") || refused("dnt")) && ["strong", {}, texts.signal.honoured, ". "], sent.join(" ")];
}

function category(id, { decision, reason }, own, { settings, texts }) {
  const { title, text } = texts.category[id] ?? { title: own.title ?? id, text: "" };
  const isRequired = reason == "necessary";
  const services = settings.policy.services.filter((service) => service.category == id);
  return [
    "fieldset",
    { part: "category" },
    ["legend", {}, title],
    [
      "label",
      {},
      ["input", { type: "checkbox", name: id, checked: decision == "granted", disabled: isRequired, "aria-describedby": `about-${id}` }],
      isRequired ? texts.state.always : texts.allow,
    ],
    text && ["p", { id: `about-${id}` }, text],
    services.length > 0 && ["details", {}, ["summary", {}, texts.banner.details], ...services.map((one) => service(one, texts))],
  ];
}

function service({ id, name, vendor, purpose, cookies = [] }, texts) {
  const { service: words } = texts;
  const columns = ["cookie", "lifetime", "purpose"];
  return [
    "div",
    {},
    ["h3", {}, name ?? id],
    vendor && ["p", {}, fill(words.vendor, { vendor })],
    purpose && ["p", {}, purpose],
    cookies.length > 0 && [
      "div",
      { class: "table", role: "region", tabindex: "0", "aria-label": name ?? id },
      [
        "table",
        {},
        ["thead", {}, ["tr", {}, ...columns.map((column) => ["th", { scope: "col" }, words[column]])]],
        [
          "tbody",
          {},
          ...cookies.map((cookie) => [
            "tr",
            {},
            ["th", { scope: "row" }, cookie.name],
            ["td", {}, duration(cookie.lifetime, texts)],
            ["td", {}, cookie.purpose ?? ""],
          ]),
        ],
      ],
    ],
  ];
}

const UNITS = { s: "second", min: "minute", h: "hour", d: "day", w: "week", mo: "month", y: "year" };

/** `13mo` in words. */
function duration(lifetime, { service, tag }) {
  const [, count, letter] = /^(\d+)(\w+)$/.exec(lifetime ?? "") ?? [];
  const unit = UNITS[letter];
  if (!unit) return lifetime ? service.session : service.unknown;
  return new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "long" }).format(count);
}
