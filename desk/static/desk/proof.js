/* Pictures and papers with an answer: added one by one, shown before they go out, taken away again. */
(() => {
  "use strict";
  const kept = new WeakMap(); // a field: its files

  const show = (field) => {
    const files = kept.get(field) || [];
    const list = field.querySelector("ul");
    window.qianmen.showFiles(
      list,
      field.querySelector("input[type=file]"),
      files,
      field.dataset.remove,
      (at) => {
        kept.set(field, kept.get(field).filter((_, index) => index !== at));
        show(field);
        field.querySelector("[data-add]").focus();
      },
    );
    list.hidden = !files.length;
  };

  /* The browser's own field stands there for who has no script. */
  const enhance = () => {
    for (const field of document.querySelectorAll("[data-proof]")) {
      field.querySelector("[data-add]").hidden = false;
      const input = field.querySelector("input[type=file]");
      input.classList.replace("in", "vh");
      input.tabIndex = -1;
    }
  };

  const faultOf = (field, before, chosen) => {
    const { most, largest, tooLarge, tooMany } = field.dataset;
    const large = chosen.find((file) => file.size > Number(largest));
    if (large) return tooLarge.replace("%s", large.name);
    return before.length + chosen.length > Number(most) ? tooMany : "";
  };

  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]");
    if (add) add.closest("[data-proof]").querySelector("input[type=file]").click();
  });
  document.addEventListener("qm:patched", enhance);
  enhance();
  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-proof]");
    if (!field || event.target.type !== "file") return;
    const before = kept.get(field) || [];
    const chosen = [...event.target.files];
    const fault = faultOf(field, before, chosen);
    const said = field.querySelector(".err");
    said.textContent = fault;
    said.hidden = !fault;
    if (!fault) kept.set(field, [...before, ...chosen]);
    show(field);
  });
})();
