/* Large type, kept in this browser, and the number copied in one tap. The page works without. */
(() => {
  "use strict";
  const root = document.documentElement;
  const kept = () => {
    try {
      return localStorage.getItem("qm-size");
    } catch {
      return null; // a browser that keeps nothing
    }
  };
  const apply = (size) => {
    root.dataset.size = size === "big" ? "big" : "";
    toggle.setAttribute("aria-pressed", String(size === "big"));
  };
  const toggle = document.querySelector("[data-size-toggle]");
  toggle.hidden = false;
  apply(kept());
  toggle.addEventListener("click", () => {
    const next = root.dataset.size === "big" ? "" : "big";
    try {
      localStorage.setItem("qm-size", next);
    } catch {
      /* it holds for this page */
    }
    apply(next);
  });

  const copy = document.querySelector("[data-copy]");
  if (!copy || !navigator.clipboard) return;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copy);
    const label = copy.querySelector("span");
    const before = label.textContent;
    label.textContent = copy.dataset.copied;
    setTimeout(() => (label.textContent = before), 1500);
  });
})();
