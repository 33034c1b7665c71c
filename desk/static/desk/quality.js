/* Tables that sort by a column, and filters that need no button. */
(() => {
  "use strict";
  const numberOf = (cell) => Number(cell.dataset.number ?? cell.textContent);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sorts] th button");
    if (!button) return;
    const head = button.closest("th");
    const body = head.closest("table").tBodies[0];
    const column = head.cellIndex;
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", "descending");
    const rows = [...body.rows].sort((a, b) => numberOf(b.cells[column]) - numberOf(a.cells[column]));
    body.append(...rows);
  });
  document.addEventListener("change", (event) => {
    event.target.closest("[data-submit]")?.form.requestSubmit();
  });
})();
