/* What a case has in common where it is shown, beside a talk or on its own page: a contact that was
   looked at hides itself again, and a step that was taken leaves its form empty and closed. */
(() => {
  "use strict";
  const hideLater = (refresh) => {
    const shown = document.querySelector("#contact[data-revealed]");
    if (!shown || shown.dataset.ends) return;
    shown.dataset.ends = "yes";
    setTimeout(() => {
      delete shown.dataset.revealed;
      refresh();
    }, Number(shown.dataset.revealed) * 1000);
  };

  const clearSteps = () => {
    // A form that has the focus is left alone: its step is taken, so the focus goes on.
    if (document.activeElement?.closest("form[data-step]")) {
      const on = document.getElementById("words") || document.getElementById("main");
      if (on?.id === "main") on.tabIndex = -1;
      on?.focus({ preventScroll: true });
    }
    for (const step of document.querySelectorAll("details.step[open]")) step.open = false;
    for (const form of document.querySelectorAll("form[data-step]")) form.reset();
  };

  window.qianmen.watchSide = (refresh) => {
    document.addEventListener("htmx:afterSwap", () => hideLater(refresh));
    document.addEventListener("case-changed", () => {
      clearSteps();
      refresh();
    });
    document.addEventListener("fields-changed", refresh);
    hideLater(refresh);
  };
})();
