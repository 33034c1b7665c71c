/* The fields of a case by keyboard: F2 to the next one to check, Enter says that it is right, E
   changes it. After each the next one has the focus, and at the end the dispatch has it. */
(() => {
  "use strict";
  const fields = () => [...document.querySelectorAll(".f[data-confirm]")];
  const isOpenTodo = (field) => field.classList.contains("todo");
  let from = null; // the name of the field that was just set

  const focus = (element) => {
    const app = document.querySelector(".app[data-pane]");
    if (app && element.closest("#side")) app.dataset.pane = "case";
    element.focus();
    element.scrollIntoView({ block: "nearest" });
  };

  const next = (name) => {
    const all = fields();
    const at = all.findIndex((field) => field.dataset.name === name);
    const order = [...all.slice(at + 1), ...all.slice(0, at + 1)];
    const field = order.find(isOpenTodo);
    if (field) focus(field);
    else if (name === null && all.length) focus(all[0]);
    else {
      const button = document.querySelector('[data-key="dispatch"]');
      if (button) focus(button);
    }
  };

  const confirm = async (field) => {
    if (field.hasAttribute("aria-busy")) return;
    field.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(field.dataset.confirm, {
        method: "POST",
        headers: {
          ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"),
          "HX-Request": "true",
        },
        signal: AbortSignal.timeout(20000),
      });
      if (response.status === 204) {
        from = field.dataset.name;
        document.dispatchEvent(new CustomEvent("fields-changed", { detail: {} }));
      }
    } catch {
      /* it stays to check, which is what it is */
    } finally {
      field.removeAttribute("aria-busy");
    }
  };

  const leave = (form) => {
    const field = form.closest(".f");
    form.remove();
    focus(field);
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "F2") {
      event.preventDefault();
      const here = document.activeElement?.closest?.(".f[data-name]");
      next(here ? here.dataset.name : null);
      return;
    }
    const form = event.target.closest?.("[data-editing]");
    if (form && event.key === "Escape") {
      leave(form);
      return;
    }
    if (!event.target.matches?.(".f[data-confirm]")) return;
    if (event.key === "Enter") {
      event.preventDefault();
      confirm(event.target);
    } else if (event.key.toLowerCase() === "e") {
      event.preventDefault();
      event.target.querySelector("[data-edit-this]")?.click();
    }
  });

  document.addEventListener("click", (event) => {
    const right = event.target.closest("[data-confirm-this]");
    if (right) confirm(right.closest(".f"));
    if (event.target.closest("[data-next-field]")) next(null);
    const leaving = event.target.closest("[data-leave-edit]");
    if (leaving) leave(leaving.closest("[data-editing]"));
  });

  // One form a field, however often it is asked for.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const opener = event.target.closest?.("[data-edit-this]");
    if (opener?.closest(".f").querySelector("[data-editing]")) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.target.matches?.(".f")) return;
    const input = event.target.querySelector("[data-edit]");
    input?.focus();
    input?.select?.();
  });
  document.addEventListener("fields-changed", () => {
    for (const form of document.querySelectorAll("[data-editing]")) {
      from = form.dataset.editing;
      form.remove();
    }
  });
  document.addEventListener("qm:patched", () => {
    if (from === null) return;
    const name = from;
    from = null;
    next(name);
  });
})();
