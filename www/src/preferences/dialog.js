// The preferences as data: categories, services, and the cookies that the policy declares.

import { fill } from "../banner/build.js";
import { action, answers } from "../banner/layers.js";
import { closing } from "../choice/closing.js";

/** The preferences. */
export function dialog(context) {
  const { api, settings, texts, words } = context;
  const standing = api.standing();
  const own = Object.fromEntries((settings.policy.categories ?? []).map((category) => [category.id, category]));
  const ids = Object.keys(standing.categories);
  const used = ids.filter((id) => own[id] || settings.policy.services.some((service) => service.category == id));
  return [
    "dialog",
    { class: "panel preferences", part: "preferences", "aria-labelledby": "title" },
    ["h2", { id: "title" }, texts.title],
    ["p", {}, words.intro],
    signals(standing, words),
    ...used.map((id) => category(id, standing.categories[id], own[id], context)),
    ["div", { class: "row" }, ...answers(context), action("save", words.save)],
    closing(words),
  ];
}

/** What the browser asks for, as it was seen. */
function signals({ signals: { gpc, dnt }, categories, yields }, words) {
  const refused = (reason) => Object.values(categories).some((category) => category.reason == reason);
  // Do Not Track gives way to a yes everywhere, Global Privacy Control where the law has it so.
  const outcome = fill(yields ? words.signal.may_allow : words.signal.final, { allow: words.allow });
  const sent = [gpc && words.signal.gpc, gpc && refused("gpc") && outcome, dnt == "1" && words.signal.dnt].filter(Boolean);
  return sent.length > 0 && ["p", { class: "signal" }, (refused("gpc") || refused("dnt")) && ["strong", {}, words.signal.honoured, ". "], sent.join(" ")];
}

function category(id, { decision, reason }, own, context) {
  const { settings, words } = context;
  const { title, text } = words.category[id] ?? { title: own.title ?? id, text: "" };
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
      isRequired ? words.state.always : words.allow,
    ],
    text && ["p", { id: `about-${id}` }, text],
    services.length > 0 && ["details", {}, ["summary", {}, words.details], ...services.map((one) => service(one, context))],
  ];
}

function service({ id, name, vendor, purpose, cookies = [] }, given) {
  const { service: words } = given.words;
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
            ["td", {}, duration(cookie.lifetime, given)],
            ["td", {}, cookie.purpose ?? ""],
          ]),
        ],
      ],
    ],
  ];
}

const UNITS = { s: "second", min: "minute", h: "hour", d: "day", w: "week", mo: "month", y: "year" };

/** `13mo` in words. */
function duration(lifetime, { words: { service }, texts: { tag } }) {
  const [, count, letter] = /^(\d+)(\w+)$/.exec(lifetime ?? "") ?? [];
  const unit = UNITS[letter];
  if (!unit) return lifetime ? service.session : service.unknown;
  return new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "long" }).format(count);
}
