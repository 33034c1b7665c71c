/* Brings a fragment of the page up to date without touching what has not changed: no flicker, no
   lost selection, no lost scroll position, and never a form that somebody is filling in. */
window.qianmen = (() => {
  "use strict";

  /* Whoever had the focus in what is replaced has it in what replaces it, or in the box; never on
     nothing, from where a keyboard begins again at the top. */
  const keepingFocus = (old, act) => {
    const active = document.activeElement;
    const had = active !== document.body && old.contains(active);
    const id = had ? active.id : "";
    act();
    if (!had || (document.activeElement && document.activeElement !== document.body)) return;
    const again =
      (id && document.getElementById(id)) ||
      document.getElementById("words") ||
      document.getElementById("main");
    if (!again) return;
    if (again.id === "main") again.tabIndex = -1;
    again.focus({ preventScroll: true });
  };

  const wake = (element) => {
    if (window.htmx) htmx.process(element);
  };

  /* Children are told apart by their id; those without one are replaced together with what follows. */
  const patchKeyed = (old, fresh) => {
    const known = new Map([...old.children].filter((e) => e.id).map((e) => [e.id, e]));
    let place = old.firstElementChild;
    for (const next of [...fresh.children]) {
      const before = next.id ? known.get(next.id) : null;
      let element = before;
      if (!before) {
        element = next;
      } else if (!before.isEqualNode(next)) {
        if (place === before) place = before.nextElementSibling;
        before.replaceWith(next);
        element = next;
      }
      if (element !== place) {
        old.insertBefore(element, place);
      } else {
        place = place.nextElementSibling;
      }
      if (element === next) wake(next);
    }
    while (place) {
      const gone = place;
      place = place.nextElementSibling;
      gone.remove();
    }
  };

  const isBusy = (element) => {
    if (element.contains(document.activeElement)) return true;
    if (element.querySelector("details[open]")) return true;
    return [...element.querySelectorAll("textarea, input:not([type=hidden])")].some((input) =>
      input.type === "radio" || input.type === "checkbox"
        ? input.checked !== input.defaultChecked
        : input.value !== input.defaultValue,
    );
  };

  const patch = (old, fresh) => {
    if (old.isEqualNode(fresh)) return;
    if (old.dataset.revealed) return; // it hides itself
    // A button whose request is under way: what the answer has to tell would reach nobody.
    if (old.querySelector("[aria-busy=true]")) return;
    if ("careful" in old.dataset && isBusy(old)) return;
    if (old.querySelector("[data-editing]")) return; // somebody changes a field in it
    keepingFocus(old, () => {
      if ("keyed" in old.dataset) {
        patchKeyed(old, fresh);
      } else {
        old.replaceWith(fresh);
        wake(fresh);
      }
    });
  };

  /* Fetches a page or a fragment as a document; null when it cannot be had now. */
  const get = async (url) => {
    let response;
    try {
      response = await fetch(url, {
        headers: { "HX-Request": "true" },
        signal: AbortSignal.timeout(20000),
      });
    } catch {
      return null;
    }
    if (response.redirected) {
      location.reload(); // logged out meanwhile
      return null;
    }
    if (!response.ok) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html");
  };

  /* Patches every live part of the page that the document has, too. */
  const patchAll = (fresh) => {
    for (const next of fresh.querySelectorAll("[data-live][id]")) {
      const old = document.getElementById(next.id);
      if (old) patch(old, next);
    }
    document.dispatchEvent(new CustomEvent("qm:patched"));
  };

  /* Runs `delay()` after it is asked for, at most once at a time and once in `pause()`, and once more
     when it was asked for meanwhile.
     A page that nobody looks at takes its time: hundreds may be open. */
  const HIDDEN_PAUSE = 10000;
  const soon = (task, delay, pause = delay) => {
    let timer = 0;
    let running = false;
    let again = false;
    let ended = -Infinity;
    const run = async () => {
      timer = 0;
      if (running) {
        again = true;
        return;
      }
      running = true;
      try {
        await task();
      } finally {
        running = false;
        ended = performance.now();
        if (again) {
          again = false;
          ask();
        }
      }
    };
    const ask = () => {
      if (timer) return;
      const rest = ended + (document.hidden ? HIDDEN_PAUSE : pause()) - performance.now();
      timer = setTimeout(run, Math.max(delay(), rest));
    };
    return ask;
  };

  return { get, patch, patchAll, patchKeyed, soon, pages: 1 };
})();
