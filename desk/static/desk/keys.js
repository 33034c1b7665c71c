/* Keys of the desk; each is printed where its button is, and all of them behind `?`. */
(() => {
  "use strict";
  const help = document.getElementById("help");
  const press = (selector) => document.querySelector(selector)?.click();
  const step = (by) => {
    const rows = [...document.querySelectorAll("#rows [data-talk]")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
    next.scrollIntoView({ block: "nearest" });
    next.click();
  };
  const ALT = {
    KeyJ: () => step(1),
    KeyK: () => step(-1),
    KeyT: () => press('[data-key="take"]'),
    KeyE: () => press('[data-key="close"]'),
    KeyN: () => document.dispatchEvent(new CustomEvent("qm:mode")),
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.altKey && !event.ctrlKey && ALT[event.code]) {
      event.preventDefault();
      ALT[event.code]();
    } else if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") {
      event.preventDefault();
      document.querySelector("[data-seek]")?.select();
    } else if (event.key === "?" && !event.target.closest("input, textarea, select")) {
      help?.showModal();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) help?.showModal();
  });
})();
