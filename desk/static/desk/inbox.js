/* The list of talks. It keeps itself up to date, but never moves under a pointer: while somebody
   points at it, rows change in place, and what is new waits behind “2 new”. */
(() => {
  "use strict";
  const { get, patchKeyed, soon } = window.qianmen;
  const app = document.querySelector(".app.has-desk");
  const list = () => document.getElementById("list");
  const openNumber = () => document.getElementById("thread")?.dataset.number || "";
  let waiting = null; // the newest list, while it must not be shown yet

  const isPointedAt = () => {
    const rows = document.getElementById("rows");
    return Boolean(rows) && (rows.matches(":hover") || rows.contains(document.activeElement));
  };

  const address = () =>
    `${list().dataset.rows}?${list().dataset.query}&open=${openNumber()}`;

  const show = (fresh) => {
    waiting = null;
    patchKeyed(document.getElementById("rows"), fresh.getElementById("rows"));
    showNews(0);
  };

  const showNews = (count) => {
    const button = list().querySelector("[data-show-news]");
    const words = button.querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("%s", count);
    button.hidden = count === 0;
  };

  /* Only the rows that are there already change. */
  let isPressed = false;
  let isPostponed = false;
  document.addEventListener("pointerdown", (event) => (isPressed = Boolean(event.target.closest("#list"))));
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => {
      isPressed = false;
      if (isPostponed) refresh();
      isPostponed = false;
    });
  }

  const hold = (fresh) => {
    waiting = fresh;
    let count = 0;
    for (const next of fresh.getElementById("rows").querySelectorAll("[data-talk]")) {
      const old = document.getElementById(next.id);
      if (!old) {
        count += 1;
      } else if (!old.isEqualNode(next)) {
        old.innerHTML = next.innerHTML;
      }
    }
    showNews(count);
  };

  const renew = async () => {
    const fresh = await get(address());
    if (!fresh || !list()) return;
    if (isPressed) {
      isPostponed = true; // a row that changes between press and release loses its click
      return;
    }
    const tabs = fresh.getElementById("list-tabs");
    if (tabs) {
      document.getElementById("list-tabs").replaceWith(tabs);
      showInRail(tabs);
    }
    if (isPointedAt() && document.querySelector("#rows [data-talk]")) hold(fresh);
    else show(fresh);
    document.dispatchEvent(new CustomEvent("qm:rows"));
  };

  const renewTabs = async () => {
    const fresh = await get(`${list().dataset.tabs}?${list().dataset.query}`);
    const tabs = fresh?.getElementById("list-tabs");
    if (!tabs || isPressed) return;
    document.getElementById("list-tabs").replaceWith(tabs);
    showInRail(tabs);
  };

  /* All pages hear of a change at once; not all of them ask at once. */
  const spread = (milliseconds) => 200 + Math.random() * milliseconds;

  /* What concerns a row comes at once. What moves no row of this list changes at most its counts,
     and comes the later the more pages are open: they all hear of it. */
  const refresh = soon(renew, () => 100, () => 800);
  const rarely = () => Math.max(1500, 75 * window.qianmen.pages);
  const refreshLater = soon(renew, () => spread(rarely()), rarely);
  const refreshCounts = soon(renewTabs, () => spread(2 * rarely()), () => 2 * rarely());

  const isDue = (line) => Boolean(line.querySelector(".wait[data-since]"));

  /* The newest words stand first in their group. */
  const toTop = (line) => {
    let first = line;
    while (first.previousElementSibling?.matches("[data-talk]")) first = first.previousElementSibling;
    if (first !== line) first.before(line);
  };

  const hear = (event) => {
    const { kind, conversation, owner, agent, row } = event.detail;
    if (kind === "delivery") return; // the list tells nothing of it
    const wish = new URLSearchParams(list().dataset.query);
    const comes =
      (wish.get("tab") === "mine" && String(agent) === document.body.dataset.user) ||
      (wish.get("tab") === "queue" && owner === "queue") ||
      (wish.get("tab") === "all" && !wish.get("q"));
    const known = document.getElementById(`row-${conversation}`);
    if (row && known && wish.get("tab") === "mine" && !isPressed) {
      const wasDue = isDue(known);
      known.innerHTML = row;
      document.dispatchEvent(new CustomEvent("qm:rows"));
      if (isDue(known) !== wasDue || isPointedAt()) refreshLater(); // it changes its group
      else if (kind === "message") toTop(known);
    } else if (kind === "mention" || comes || known) refresh();
    else if (kind === "owner") refreshLater();
    else refreshCounts();
  };

  const showInRail = (tabs) => {
    const count = tabs.querySelector("a .n")?.textContent || "";
    document.title = document.title.replace(/^(\(\d+\) )?/, count ? `(${count}) ` : "");
    const link = document.querySelector('.rail a[aria-current="page"]');
    const badge = document.getElementById("rail-queue");
    if (badge) {
      badge.hidden = count === "";
      badge.firstChild.textContent = count;
    } else if (count && link) {
      const made = document.createElement("span");
      made.className = "n";
      made.id = "rail-queue";
      made.textContent = count;
      link.append(made);
    }
  };

  const markOpen = () => {
    const number = openNumber();
    for (const row of document.querySelectorAll("#rows [data-talk]")) {
      if (row.dataset.talk === number) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  };

  /* Another tab, or more rows: the list alone, and an address that says so. */
  const go = async (query) => {
    list().dataset.query = query;
    list().setAttribute("aria-busy", "true");
    const fresh = await get(address());
    if (!fresh) {
      location.search = `?${query}`;
      return;
    }
    const next = fresh.getElementById("list");
    const top = document.getElementById("rows").scrollTop;
    const keepsPlace = query.includes("limit=") && top > 0;
    list().replaceWith(next);
    if (window.htmx) htmx.process(next);
    if (keepsPlace) document.getElementById("rows").scrollTop = top;
    history.replaceState(null, "", `${location.pathname}?${query}`);
    waiting = null;
    markOpen();
  };

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    const more = event.target.closest("[data-more]");
    if (tab || more) {
      event.preventDefault();
      const query = new URLSearchParams(
        tab ? new URL(tab.href).search : list().dataset.query,
      );
      if (more) query.set("limit", more.dataset.more);
      go(query.toString());
      return;
    }
    if (event.target.closest("[data-show-news]") && waiting) {
      show(waiting);
      document.getElementById("rows").scrollTop = 0;
      return;
    }
    const pane = event.target.closest("[data-pane-to]");
    if (pane && app) {
      event.preventDefault();
      app.dataset.pane = pane.dataset.paneTo;
    }
  });

  document.addEventListener("pointerleave", () => waiting && show(waiting));
  document.addEventListener("pointerover", (event) => {
    if (waiting && !event.target.closest("#list")) show(waiting);
  });

  document.addEventListener("change", (event) => {
    const select = event.target.closest("select[data-submit]");
    if (select) select.form.requestSubmit();
  });

  document.addEventListener("qm:event", hear);
  document.addEventListener("qm:again", refresh);
  document.addEventListener("talk-changed", refresh);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "open") return;
    if (app) app.dataset.pane = "thread";
    markOpen();
  });
})();
