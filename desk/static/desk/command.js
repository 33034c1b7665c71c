/* The command bar: a talk, a case or a page by its words, or something to do with the talk that is
   open. What cannot be done now is not offered. */
(() => {
  "use strict";
  const { get, soon } = window.qianmen;
  const bar = document.getElementById("command");
  if (!bar) return;
  const input = document.getElementById("ask");
  const list = document.getElementById("answers");
  const options = () => [...list.querySelectorAll('[role="option"]')];
  const target = (option) =>
    [...document.querySelectorAll(option.dataset.press)].find((button) => !button.disabled);

  const commands = (words) => {
    const all = document.getElementById("commands").content.cloneNode(true);
    for (const option of all.querySelectorAll('[role="option"]')) {
      const fits = option.textContent.toLowerCase().includes(words.toLowerCase());
      if (!fits || !target(option)) option.remove();
    }
    if (!all.querySelector('[role="option"]')) return [];
    return [...all.children];
  };

  const choose = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const show = (found) => {
    list.replaceChildren(...commands(input.value.trim()), ...found);
    for (const [number, option] of options().entries()) option.id = `answer-${number}`;
    choose(options()[0]);
    const count = options().length;
    document.getElementById("command-none").hidden = count > 0;
    const told = document.getElementById("command-count");
    told.textContent = told.dataset.words.replace("%s", count);
  };

  const search = soon(async () => {
    const words = input.value.trim();
    const mayDispatch = document.querySelector('[data-key="dispatch"]') ? "&case=1" : "";
    const fresh = await get(`${bar.dataset.find}?q=${encodeURIComponent(words)}${mayDispatch}`);
    if (fresh && bar.open && input.value.trim() === words) show([...fresh.body.children]);
  }, () => 100);

  const open = () => {
    if (bar.open) {
      bar.close();
      return;
    }
    input.value = "";
    show([]);
    bar.showModal();
    input.focus();
    search();
  };

  const carryOut = (option) => {
    if (!option) return;
    bar.close();
    if (option.dataset.go) location.assign(option.dataset.go);
    if (option.dataset.department) {
      const select = document.querySelector('.first-step [name="department"]');
      if (select) select.value = option.dataset.department;
      document.querySelector('[data-key="dispatch"]')?.click();
    }
    if (option.dataset.then === "next") document.dispatchEvent(new CustomEvent("qm:next"));
    else if (option.dataset.press) target(option)?.click();
  };

  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    show([]);
    search();
  });
  input.addEventListener("compositionend", search);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter") carryOut(all[at]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => carryOut(event.target.closest('[role="option"]')));
  bar.addEventListener("click", (event) => event.target === bar && bar.close());
  document.addEventListener("qm:command", open);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-command]")) open();
  });
})();
