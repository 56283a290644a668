// Sorts the table of cookies: turns each heading into a button that sorts by its column, up first
// and down the second time. Without this script the headings are plain text.
(() => {
  "use strict";
  const table = document.querySelector("table.cookies");
  if (!table) return;
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  const status = document.getElementById("sorted");
  const words = new Intl.Collator(document.documentElement.lang, { numeric: true });

  const compare = (column) => (a, b) => {
    const [left, right] = [a.cells[column], b.cells[column]];
    if (left.dataset.key !== undefined) return Number(left.dataset.key) - Number(right.dataset.key);
    return words.compare(left.textContent, right.textContent);
  };

  heads.forEach((head, column) => {
    const name = head.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      const rows = Array.from(body.rows).sort(compare(column));
      if (order === "descending") rows.reverse();
      body.append(...rows);
      status.textContent = `Sorted by ${name}, ${order}`;
    });
  });
})();
