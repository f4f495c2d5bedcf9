"use strict";
(() => {
  const closed = [];
  addEventListener("beforeprint", () => {
    closed.push(...document.querySelectorAll("details:not([open]):not(.long)"));
    closed.forEach((each) => (each.open = true));
  });
  addEventListener("afterprint", () => closed.splice(0).forEach((each) => (each.open = false)));

  const table = document.getElementById("class");
  const form = document.getElementById("filter");
  if (!table || !form) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const heads = Array.from(table.tHead.rows[0].cells);
  const told = document.getElementById("told");
  const order = new Intl.Collator("en", { numeric: true });
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  let sorted = "";

  const key = (row, column) => row.cells[column].dataset.v ?? row.cells[column].textContent;

  const compare = (one, other, column, isNumber) => {
    const [a, b] = [key(one, column), key(other, column)];
    if (a === "" || b === "") return { missing: (a === "") - (b === "") };
    return { order: isNumber ? a - b : order.compare(a, b) };
  };

  const sort = (column) => {
    const head = heads[column];
    const way = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    const sign = way === "ascending" ? 1 : -1;
    heads.forEach((each) => each.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", way);
    const isNumber = head.classList.contains("n");
    rows.sort((one, other) => {
      const found = compare(one, other, column, isNumber);
      return found.missing ?? sign * found.order;
    });
    body.append(...rows);
    sorted = ` Sorted by ${head.textContent.trim()}, ${way}.`;
    tell();
  };

  const tell = () => {
    const n = rows.filter((row) => !row.hidden).length;
    told.textContent = `${n} of ${rows.length} students shown.${sorted}`;
  };

  const filter = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = form.elements.status.value;
    const person = form.elements.person.checked;
    for (const row of rows) {
      const fits = words.every((word) => texts.get(row).includes(word));
      const rightStatus = !status || row.dataset.status === status;
      row.hidden = !(fits && rightStatus && (!person || row.dataset.person === "1"));
    }
    tell();
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(column));
  });
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
