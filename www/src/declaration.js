// Shows visitors of a cookie declaration what they have chosen, and the button to change it. All its words are in the
// page; of the script tag it takes `window.placet` alone. Without it, what is in the page stays as it is.

/** The word for what holds: an attribute of the page has the text. */
const word = ({ decision, reason }) => {
  if (decision == "undecided") return "undecided";
  if (decision == "granted") return { necessary: "always", chosen: "granted" }[reason] ?? "regime";
  return { chosen: "refused", stale: "stale" }[reason] ?? "signal";
};

/** Fills one part, and again with every change. */
function fill(part, placet) {
  const tell = () => {
    const { categories, signals, made } = placet.standing();
    const when = { unasked: !made, gpc: signals.gpc, dnt: signals.dnt == "1" };
    for (const text of part.querySelectorAll("[data-when]")) text.hidden = !when[text.dataset.when];
    for (const item of part.querySelectorAll("[data-category]")) {
      const stands = categories[item.dataset.category];
      item.hidden = !stands;
      if (stands) item.lastElementChild.textContent = part.dataset[word(stands)];
    }
  };
  placet.on("change", tell);
  tell();
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = part.dataset.open;
  button.dataset.placetShow = "preferences";
  part.lastElementChild.replaceChildren(button);
  part.hidden = false;
}

/** Where the script tag comes later, or a bundle starts it, it is there when the page is. */
function begin() {
  const { placet } = window;
  placet?.ready.then(() => document.querySelectorAll("[data-placet-status]").forEach((part) => fill(part, placet)), () => {});
}

if (window.placet && document.readyState != "loading") begin();
else addEventListener("load", begin);
