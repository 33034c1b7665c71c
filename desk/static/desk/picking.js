// Picking rows: all, a group, the late ones. `picked` tells the letters beside the table.
"use strict";

document.querySelectorAll("[data-picking]").forEach((form) => {
  const rows = () => [...form.querySelectorAll('input[name="number"]')];
  const bulk = form.querySelector("[data-bulk]");

  function told() {
    const picked = rows().filter((row) => row.checked);
    bulk.hidden = picked.length === 0;
    bulk.querySelector("[data-count]").textContent = form.dataset.words.replace("%s", picked.length);
    rows().forEach((row) => row.closest("tr").classList.toggle("sel", row.checked));
    form.querySelectorAll("[data-group]").forEach((group) => {
      const box = group.querySelector("[data-pick-group]");
      const own = [...group.querySelectorAll('input[name="number"]')];
      if (box) box.checked = own.length > 0 && own.every((row) => row.checked);
    });
    form.dispatchEvent(new Event("picked", { bubbles: true }));
  }

  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-pick-all]")) rows().forEach((row) => (row.checked = box.checked));
    else if (box.matches("[data-pick-group]"))
      box.closest("[data-group]").querySelectorAll('input[name="number"]').forEach((row) => (row.checked = box.checked));
    else if (box.name !== "number") return;
    told();
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-pick-none]")) rows().forEach((row) => (row.checked = false));
    else if (event.target.closest("[data-pick-late]")) rows().forEach((row) => (row.checked = row.checked && "late" in row.dataset));
    else return;
    told();
  });
  document.addEventListener("keydown", (event) => {
    const send = form.querySelector('[data-key="send"]');
    if (event.key === "Enter" && event.ctrlKey && send) send.click();
  });
  if (rows().some((row) => row.checked)) told();
});
