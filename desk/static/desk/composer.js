/* The box: Enter sends, Shift+Enter breaks the line, a note is a note. What is typed is kept by the
   server after a pause, and in this browser until the server has it. */
(() => {
  "use strict";
  const KEEP_HOURS = 12;
  const PAUSE = 700; // milliseconds without a key
  const prefix = `qm-draft-${document.body.dataset.user}-`;
  const form = () => document.getElementById("compose");
  const box = () => document.getElementById("words");
  const key = () => prefix + form().dataset.number;
  const isTouch = matchMedia("(pointer: coarse)").matches;
  let sent = ""; // the words that are on their way
  let timer = 0;
  let saving = null; // what stops a save under way
  let keptAt = ""; // the clock of the server's last save

  const store = {
    get(name) {
      try {
        return JSON.parse(localStorage.getItem(name) || "null");
      } catch {
        return null;
      }
    },
    set(name, value) {
      try {
        if (value) localStorage.setItem(name, JSON.stringify(value));
        else localStorage.removeItem(name);
      } catch {
        /* the box itself still holds the words */
      }
    },
    forgetOld() {
      try {
        for (const name of Object.keys(localStorage)) {
          if (!name.startsWith("qm-draft-")) continue;
          const kept = this.get(name);
          if (!kept || Date.now() - kept.at > KEEP_HOURS * 3600e3) localStorage.removeItem(name);
        }
      } catch {
        /* nothing is kept, nothing to forget */
      }
    },
  };

  const showKept = () => {
    const kept = form()?.querySelector("[data-kept]");
    if (!kept) return;
    kept.hidden = !box().value;
    kept.textContent = keptAt ? kept.dataset.there.replace("%s", keptAt) : kept.dataset.here;
  };

  const keep = () => {
    const text = box().value;
    store.set(key(), text ? { text, at: Date.now(), mode: form().dataset.mode } : null);
    keptAt = "";
    showKept();
    stopSaving();
    timer = setTimeout(save, PAUSE);
  };

  const stopSaving = () => {
    clearTimeout(timer);
    timer = 0;
    saving?.abort();
    saving = null;
  };

  /* The server's copy makes the browser's needless; without it the browser's stays. */
  const save = async () => {
    timer = 0;
    if (!form()) return;
    const [name, text, mode] = [key(), box().value, form().dataset.mode];
    const stop = new AbortController();
    saving = stop;
    try {
      const response = await fetch(form().dataset.keep, {
        method: "POST",
        headers: JSON.parse(document.body.getAttribute("hx-headers")),
        body: new URLSearchParams({ text, mode }),
        signal: stop.signal,
        keepalive: true, // also when the page is left meanwhile
      });
      if (!response.ok || response.redirected || stop.signal.aborted) return;
      const kept = await response.json();
      if (stop.signal.aborted) return;
      store.set(name, null);
      if (form() && key() === name && box().value === text) {
        keptAt = kept.kept;
        showKept();
      }
    } catch {
      /* the browser's copy says so, and the next key tries again */
    }
  };

  const saveNow = () => {
    if (!timer) return;
    clearTimeout(timer);
    save();
  };

  const mayReply = () => document.getElementById("compose-rights").dataset.reply === "yes";

  const setMode = (wanted) => {
    const mode = wanted === "reply" && mayReply() ? "reply" : "note";
    form().dataset.mode = mode;
    form().classList.toggle("private", mode === "note");
    for (const tab of form().querySelectorAll("[data-mode-to]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.modeTo === mode));
    }
    box().placeholder = mode === "note" ? box().dataset.noteWords : box().dataset.replyWords;
    const button = form().querySelector(`[data-send="${mode}"]`);
    if (button) form().action = button.formAction;
    document.dispatchEvent(new CustomEvent("qm:mode-set"));
  };

  const hasFiles = () => {
    const files = document.getElementById("files");
    return !files.disabled && files.files.length > 0;
  };

  const send = () => {
    const button = form().querySelector(`[data-send="${form().dataset.mode}"]`);
    if (!button || button.disabled || !(box().value.trim() || hasFiles())) return;
    const blanks = [...box().value.matchAll(/【填：([^】]*)】/g)];
    if (blanks.length && form().dataset.mode === "reply") {
      tell(form().dataset.blank.replace("%s", blanks.map((blank) => blank[1]).join("、")));
      box().setSelectionRange(blanks[0].index, blanks[0].index + blanks[0][0].length);
      return;
    }
    button.click();
  };

  const begin = () => {
    if (!form()) return;
    const own = store.get(key());
    keptAt = "";
    if (own && own.text !== box().value && own.at > Number(form().dataset.keptAt || 0) * 1000) {
      box().value = own.text;
      setMode(own.mode);
      timer = setTimeout(save, PAUSE);
    } else {
      store.set(key(), null);
      setMode(form().dataset.mode);
    }
    showKept();
    form().dataset.had = mayReply() ? "yes" : "no";
  };

  /* The right to speak came or went while the page was open. */
  const rightsChanged = () => {
    if (!form()) return;
    const before = form().dataset.had;
    const now = mayReply() ? "yes" : "no";
    form().dataset.had = now;
    if (before !== now) setMode(now === "yes" ? "reply" : "note");
    else setMode(form().dataset.mode);
    showKept();
  };

  document.addEventListener("input", (event) => {
    if (event.target === box()) keep();
  });

  document.addEventListener("keydown", (event) => {
    if (event.target !== box() || event.key !== "Enter") return;
    // The Enter that picks a word in an input method is not ours.
    if (event.isComposing || event.keyCode === 229 || event.shiftKey) return;
    if (isTouch && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  });

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-mode-to]");
    if (tab && !tab.disabled) {
      setMode(tab.dataset.modeTo);
      box().focus();
      keep();
    }
    const again = event.target.closest("[data-again]");
    if (again && form()) {
      box().value = box().value ? `${box().value}\n${again.dataset.again}` : again.dataset.again;
      keep();
      box().focus();
    }
    if (event.target.closest("[data-look]")) {
      document.getElementById("refusal").replaceChildren();
      document.dispatchEvent(new CustomEvent("talk-changed", { detail: {} }));
      box().focus();
    }
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (form()?.contains(event.detail.elt)) {
      sent = box().value;
      stopSaving(); // a late save would bring back what has been sent
    }
    event.detail.elt.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.elt.removeAttribute("aria-busy");
  });

  document.addEventListener("talk-changed", (event) => {
    if (!form() || !event.detail.said) return;
    if (String(event.detail.conversation) !== form().dataset.number) {
      store.set(prefix + event.detail.conversation, null);
      return;
    }
    document.getElementById("refusal").replaceChildren();
    // What was typed after the words had left stays.
    box().value = box().value.startsWith(sent) ? box().value.slice(sent.length) : "";
    sent = "";
    keep();
    box().focus();
  });

  const failed = (event) => {
    if (!form()?.contains(event.detail.elt)) return;
    keep();
    tell(form().dataset.lost);
  };
  const tell = (text) => {
    const banner = document.createElement("div");
    banner.className = "banner late";
    const words = document.createElement("span");
    words.className = "grow";
    words.textContent = text;
    banner.append(words);
    document.getElementById("refusal").replaceChildren(banner);
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);
  document.addEventListener("htmx:responseError", failed);

  document.addEventListener("qm:talk", rightsChanged);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "open") begin();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "open" && form()) saveNow();
  });
  addEventListener("pagehide", saveNow);
  document.addEventListener("visibilitychange", () => document.hidden && saveNow());
  document.addEventListener("qm:send", send);
  document.addEventListener("qm:tell", (event) => tell(event.detail));
  document.addEventListener("qm:note", () => form() && setMode("note"));
  document.addEventListener("qm:mode", () => {
    if (form()) setMode(form().dataset.mode === "note" ? "reply" : "note");
    box()?.focus();
  });
  store.forgetOld();
  begin();
})();
