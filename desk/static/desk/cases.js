/* Cases kept up to date: the list says how many have changed, a case's page changes in place. */
(() => {
  "use strict";
  const { get, patchAll, soon, watchSide } = window.qianmen;
  const number = document.body.dataset.number || "";
  const changed = new Set();

  const refresh = soon(async () => {
    const fresh = await get(location.href);
    if (fresh) patchAll(fresh);
  }, () => 200);

  const tell = () => {
    const button = document.querySelector("[data-reload]");
    const words = button?.querySelector("[data-words]");
    if (!words || !changed.size) return;
    words.textContent = words.dataset.words.replace("%s", changed.size);
    button.hidden = false;
  };

  document.addEventListener("qm:event", (event) => {
    const { kind, case: moved } = event.detail;
    if (kind !== "case" || !moved) return;
    if (number) {
      if (moved === number) refresh();
      return;
    }
    changed.add(moved);
    tell();
  });
  document.addEventListener("qm:again", () => number && refresh());
  watchSide(refresh);
  document.addEventListener("change", (event) => {
    const input = event.target.closest("[data-submit]");
    if (input) input.form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-reload]")) location.reload();
    if (event.target.closest("[data-print]")) print();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy);
  });
})();
