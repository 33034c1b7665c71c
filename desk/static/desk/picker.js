/* Lists that open above the box while somebody writes: `/` canned replies, `??` knowledge, `@@`
   colleagues. What is picked goes in at the cursor; the rest of the draft is never touched. */
(() => {
  "use strict";
  const { get, soon } = window.qianmen;
  const TRIGGERS = [
    ["knowledge", /[?？]{2}([^?？\n]{0,40})$/],
    ["people", /@@([^\s@]{0,20})$/],
    ["replies", /(?:^|[\s，。；：、！？,.;:!?])\/([^\s/]{0,20})$/],
  ];
  const BLANK = /【填：[^】]*】/;
  const box = () => document.getElementById("words");
  const panel = () => document.getElementById("picker");
  const list = () => document.getElementById("picker-list");
  const options = () => [...list().querySelectorAll('[role="option"]:not([aria-disabled])')];
  const isOpen = () => Boolean(panel()) && !panel().hidden;
  let open = null; // {kind, start, words}: what is looked for, and where its sign begins
  let dismissed = ""; // the sign that Escape closed; it opens again when it has changed

  const asked = () => {
    const field = box();
    if (field.selectionStart !== field.selectionEnd) return null;
    const before = field.value.slice(0, field.selectionStart);
    for (const [kind, sign] of TRIGGERS) {
      const found = sign.exec(before);
      if (!found) continue;
      const length = found[1].length + (kind === "replies" ? 1 : 2);
      return { kind, start: before.length - length, words: found[1] };
    }
    return null;
  };

  const button = (kind) => document.querySelector(`[data-pick="${kind}"]`);

  const close = () => {
    if (!isOpen()) return;
    panel().hidden = true;
    list().replaceChildren();
    box().removeAttribute("aria-activedescendant");
    document.getElementById("picker-count").textContent = "";
    open = null;
  };

  const choose = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (!option) {
      box().removeAttribute("aria-activedescendant");
      return;
    }
    box().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const show = soon(async () => {
    if (!open) return;
    const wanted = open;
    const from = button(wanted.kind);
    const fresh = await get(`${from.dataset.list}?q=${encodeURIComponent(wanted.words)}`);
    if (!fresh || open !== wanted) return;
    panel().querySelector("[data-picker-title]").textContent = from.dataset.title;
    panel().querySelector("[data-picker-words]").textContent = wanted.words && `“${wanted.words}”`;
    panel().querySelector("[data-picker-send]").hidden = wanted.kind !== "knowledge";
    list().replaceChildren(...fresh.body.children);
    panel().hidden = false;
    choose(options()[0]);
    const count = document.getElementById("picker-count");
    count.textContent = count.dataset.words.replace("%s", options().length);
  }, () => 120);

  const look = () => {
    const found = asked();
    const sign = found ? `${found.kind}${found.start}${found.words}` : "";
    if (!found || sign === dismissed) {
      close();
      if (!found) dismissed = "";
      return;
    }
    if (open && `${open.kind}${open.start}${open.words}` === sign) return;
    open = found;
    show();
  };

  /* Through the browser's own editing where it has it, so that one undo takes it back. */
  const insert = (text, start, end) => {
    const field = box();
    field.focus();
    field.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) {
      field.setRangeText(text, start, end, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const blank = BLANK.exec(text);
    if (blank) field.setSelectionRange(start + blank.index, start + blank.index + blank[0].length);
  };

  const atCursor = (text) => {
    const field = box();
    if (field) insert(text, field.selectionStart, field.selectionEnd);
  };

  const take = (option, send) => {
    if (!option) return;
    const { start, kind } = open;
    const end = box().selectionStart;
    const text = send ? option.dataset.answer : option.dataset.insert;
    close();
    if (kind === "people") document.dispatchEvent(new CustomEvent("qm:note"));
    insert(text, start, end);
    if (option.dataset.used) {
      fetch(option.dataset.used, {
        method: "POST",
        headers: JSON.parse(document.body.getAttribute("hx-headers")),
      }).catch(() => {}); // a count that is one short
    }
    if (send) document.dispatchEvent(new CustomEvent("qm:send"));
  };

  const toBlank = (event) => {
    const field = box();
    const from = field.selectionEnd;
    const blank = BLANK.exec(field.value.slice(from));
    if (!blank || event.shiftKey) return;
    event.preventDefault();
    field.setSelectionRange(from + blank.index, from + blank.index + blank[0].length);
  };

  // Before the composer's own keys.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.target !== box() || event.isComposing || event.keyCode === 229) return;
      if (!isOpen()) {
        if (event.key === "Tab") toBlank(event);
        return;
      }
      const all = options();
      const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
      else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
      else if (event.key === "Escape") {
        dismissed = `${open.kind}${open.start}${open.words}`;
        close();
      } else if ((event.key === "Enter" && !event.shiftKey && !event.altKey) || event.key === "Tab") {
        if (!all.length) {
          close();
          return;
        }
        const isSent = (event.ctrlKey || event.metaKey) && all[at]?.dataset.answer;
        take(all[at], Boolean(isSent));
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  document.addEventListener("input", (event) => {
    if (event.target === box() && !event.isComposing) look();
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target === box()) look();
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest("#picker-list [role=option]")) event.preventDefault(); // keep the cursor
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest("#picker-list [role=option]");
    const opener = event.target.closest("[data-pick]");
    const ready = event.target.closest("button[data-insert]");
    if (option) take(option, false);
    else if (ready) atCursor(ready.dataset.insert);
    else if (opener) {
      const field = box();
      const sign = { replies: "/", knowledge: "??", people: "@@" }[opener.dataset.pick];
      const before = field.value.slice(0, field.selectionStart);
      const gap = sign === "/" && before && !/\s$/.test(before) ? " " : "";
      atCursor(gap + sign);
      look();
    } else if (isOpen() && !event.target.closest("#picker, #words")) close();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "open") open = null;
  });
})();
