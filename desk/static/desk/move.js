/* One box marks all rows. */
document.addEventListener("change", (event) => {
  "use strict";
  if (!event.target.matches("[data-mark-all]")) return;
  for (const box of event.target.form.querySelectorAll("input[name=talk]")) box.checked = event.target.checked;
});
