// Decides in the browser what a page that is the same for everybody loads for this visitor.
const response = await fetch("/.placet/status", { cache: "no-store" });
const { categories } = await response.json();
const granted = categories.filter(({ decision }) => decision === "granted").map(({ id }) => id);

for (const held of document.querySelectorAll("script[type='text/plain'][data-category]")) {
  if (granted.includes(held.dataset.category)) {
    const released = document.createElement("script");
    released.src = held.dataset.src;
    held.replaceWith(released);
  }
}
