/* The open talk: refreshed when it changed, read when it is looked at, at its end unless somebody
   reads further up. */
(() => {
  "use strict";
  const { get, patchAll, soon, watchSide } = window.qianmen;
  const NEAR = 80; // pixels from the end that still count as the end
  const thread = () => document.getElementById("thread");
  const scroll = () => document.getElementById("talk");
  const number = () => thread()?.dataset.number || "";
  const token = () => document.body.getAttribute("hx-headers");
  let since = "";

  const isAtEnd = () => {
    const box = scroll();
    return !box || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  };
  const toEnd = () => {
    const box = scroll();
    if (box) box.scrollTop = box.scrollHeight;
    offerEnd(false);
  };
  const offerEnd = (is) => {
    const button = document.querySelector("[data-to-end]");
    if (button) button.hidden = !is;
  };

  /* Pictures that arrive and banners that come must not push the end out of sight. */
  let isFollowing = true;
  let lastTop = 0; // where the talk was scrolled to
  const sizes = new ResizeObserver(() => isFollowing && toEnd());
  const watch = () => {
    sizes.disconnect();
    isFollowing = true;
    lastTop = 0;
    for (const id of ["talk", "lines"]) {
      const element = document.getElementById(id);
      if (element) sizes.observe(element);
    }
  };

  const lastKey = () => document.getElementById("lines")?.lastElementChild?.id || "";

  const refresh = soon(async () => {
    const opened = number();
    if (!opened) return;
    const fresh = await get(thread().dataset.open + (since ? `?since=${since}` : ""));
    if (!fresh || number() !== opened) return;
    const follow = isFollowing;
    const before = lastKey();
    const fromBottom = scroll().scrollHeight - scroll().scrollTop;
    const earlier = document.querySelector("[data-earlier]")?.dataset.earlier;
    patchAll(fresh);
    const now = fresh.getElementById("thread").dataset;
    thread().dataset.mine = now.mine;
    thread().dataset.mentioned = now.mentioned;
    document.dispatchEvent(new CustomEvent("qm:talk"));
    const nowEarlier = document.querySelector("[data-earlier]")?.dataset.earlier;
    if (follow) toEnd();
    else if (earlier !== nowEarlier) scroll().scrollTop = scroll().scrollHeight - fromBottom;
    else if (lastKey() !== before) offerEnd(true);
    markRead();
  }, () => 100, () => 250);

  /* Only who has the talk, and only while they look. */
  const markRead = () => {
    if (!thread() || document.hidden || !document.hasFocus()) return;
    const isNamed = thread().dataset.mentioned === "yes";
    if (thread().dataset.mine !== "yes" && !isNamed) return;
    const row = document.getElementById(`row-${number()}`);
    if (!isNamed && row && !row.querySelector(".meta > .n")) return;
    fetch(thread().dataset.read, {
      method: "POST",
      headers: { ...JSON.parse(token() || "{}"), "HX-Request": "true" },
      signal: AbortSignal.timeout(10000),
    }).catch(() => {}); // unread stays unread; the next look says it again
  };

  /* Colleagues are told who else has the talk open, and this page who they are. */
  const look = async () => {
    const place = document.getElementById("lookers");
    if (!place || !thread()?.dataset.look || document.hidden) return;
    try {
      const answer = await fetch(thread().dataset.look, {
        method: "POST",
        headers: { ...JSON.parse(token() || "{}"), "HX-Request": "true" },
        signal: AbortSignal.timeout(10000),
      });
      if (answer.ok) place.textContent = await answer.text();
    } catch {
      // The next sign says it again.
    }
  };
  setInterval(look, 20000);

  document.addEventListener("qm:look", (event) => {
    if (String(event.detail.conversation) === number()) look();
  });
  document.addEventListener("qm:event", (event) => {
    const { conversation } = event.detail;
    if (number() && String(conversation) === number()) refresh();
  });
  document.addEventListener("qm:again", refresh);
  document.addEventListener("talk-changed", refresh);
  watchSide(refresh);
  addEventListener("focus", markRead);
  document.addEventListener("qm:rows", markRead); // the row says unread after the talk was shown

  document.addEventListener("click", (event) => {
    const earlier = event.target.closest("[data-earlier]");
    if (earlier) {
      event.preventDefault();
      since = earlier.dataset.earlier;
      isFollowing = false; // whoever asks for the past reads the past
      refresh();
    }
    if (event.target.closest("[data-to-end]")) toEnd();
    const clears = event.target.closest("[data-clear]");
    if (clears) document.querySelector(clears.dataset.clear)?.replaceChildren();
    const said = event.target.closest("[data-to-message]");
    if (said) {
      event.preventDefault();
      const app = document.querySelector(".app[data-pane]");
      if (app) app.dataset.pane = "thread";
      isFollowing = false;
      const line = document.querySelector(said.hash);
      if (!line) return;
      line.scrollIntoView({ block: "center" });
      line.tabIndex = -1;
      line.focus({ preventScroll: true });
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy);
  });
  document.addEventListener(
    "scroll",
    (event) => {
      if (event.target !== scroll()) return;
      // Only who scrolls up leaves the end. The end that moves away under us, as a picture grows
      // between our own scrolling and this event, is followed.
      if (isAtEnd()) isFollowing = true;
      else if (scroll().scrollTop < lastTop) isFollowing = false;
      lastTop = scroll().scrollTop;
      if (isFollowing) offerEnd(false);
    },
    true,
  );

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "open") {
      since = "";
      watch();
      toEnd();
      markRead();
      look();
    }
  });
  since = document.querySelector("[data-since-id]")?.value || "";
  watch();
  toEnd();
  markRead();
  look();
})();
