/* Dark or light, kept in this browser; set before the first paint. */
(() => {
  "use strict";
  const root = document.documentElement;
  const wish = () => {
    try {
      return localStorage.getItem("qm-theme");
    } catch {
      return null; // a browser that keeps nothing
    }
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    root.dataset.theme = wish() || (system.matches ? "dark" : "light");
  };
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-moon]")) return;
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("qm-theme", next);
    } catch {
      /* it holds for this page */
    }
    root.dataset.theme = next;
  });
})();
