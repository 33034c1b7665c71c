/* Keys of the desk; each is printed where its button is, and all of them behind `?`. */
(() => {
  "use strict";
  const help = document.getElementById("help");
  const find = (selector) =>
    [...document.querySelectorAll(selector)].find((element) => !element.disabled);
  const press = (selector) => find(selector)?.click();
  const tell = (name) => document.dispatchEvent(new CustomEvent(name));
  const rows = () => [...document.querySelectorAll("#rows [data-talk]")];
  let nextTalk = null; // where to go once the talk that is open has ended

  const neighbour = (by) => {
    const all = rows();
    const at = all.findIndex((row) => row.hasAttribute("aria-current"));
    return all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
  };
  const go = (row) => {
    if (!row) return;
    row.scrollIntoView({ block: "nearest" });
    row.click();
  };

  const endAndNext = () => {
    const button = find('[data-key="close"]');
    if (!button) return;
    const all = rows();
    const at = all.findIndex((row) => row.hasAttribute("aria-current"));
    nextTalk = (all[at + 1] || all[at - 1])?.id || null;
    button.click();
  };

  /* Dispatches the case; where there is none yet, it opens the form for one. */
  const dispatch = () => {
    const button = find('[data-key="dispatch"]');
    if (button) {
      button.click();
      return;
    }
    const register = document.getElementById("register");
    if (!register) return;
    if (register.open) register.querySelector("button[type=submit]")?.click();
    register.open = true;
    register.querySelector("textarea")?.focus();
  };

  const ALT = {
    KeyJ: () => go(neighbour(1)),
    KeyK: () => go(neighbour(-1)),
    KeyT: () => press('[data-key="take"]'),
    KeyB: () => press('[data-key="hand-back"]'),
    KeyE: () => press('[data-key="close"]'),
    KeyN: () => tell("qm:mode"),
    KeyC: () => press('[data-key="confirm-all"]'),
    KeyM: () => press('[data-key="merge"]'),
    Enter: dispatch,
    Digit1: () => press('[data-suggested="1"]'),
    Digit2: () => press('[data-suggested="2"]'),
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.altKey && event.ctrlKey && event.code === "KeyE") {
      event.preventDefault();
      endAndNext();
    } else if (event.altKey && !event.ctrlKey && ALT[event.code]) {
      event.preventDefault();
      if (!event.repeat) ALT[event.code]();
    } else if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") {
      event.preventDefault();
      tell("qm:command");
    } else if (event.key === "?" && !event.target.closest("input, textarea, select")) {
      help?.showModal();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) help?.showModal();
  });
  document.addEventListener("qm:next", endAndNext);
  const goOn = () => {
    if (!nextTalk) return;
    const row =
      document.getElementById(nextTalk) ||
      rows().find((other) => !other.hasAttribute("aria-current"));
    nextTalk = null;
    go(row);
  };
  document.addEventListener("talk-changed", goOn);
  // The news of its end can be here before the answer of the button that ended it.
  document.addEventListener("qm:talk", () => {
    if (document.getElementById("thread")?.dataset.mine !== "yes") goOn();
  });
  // Whoever goes on by keyboard stands in the talk, not before the page.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "open" || document.activeElement !== document.body) return;
    if (matchMedia("(pointer: coarse)").matches) return;
    const isMine = document.getElementById("thread")?.dataset.mine === "yes";
    document.getElementById(isMine ? "words" : "talk")?.focus();
  });
})();
