/* What could be answered to the citizen's last words, beside the talk that one has. It is looked up
   after the page is there, and put into the box by one key; nothing is sent by itself. */
(() => {
  "use strict";
  const { get, soon } = window.qianmen;
  let shownFor = "";

  const asked = () => {
    const thread = document.getElementById("thread");
    if (thread?.dataset.mine !== "yes") return "";
    const last = [...document.querySelectorAll("#lines > .say.cit")].at(-1);
    return last ? `${thread.dataset.number} ${last.id}` : "";
  };

  const refresh = soon(async () => {
    const place = document.getElementById("suggestion");
    const key = asked();
    if (!place || key === shownFor) return;
    if (!key) {
      place.replaceChildren();
      shownFor = "";
      return;
    }
    const fresh = await get(place.dataset.suggestion);
    if (!fresh || asked() !== key) return;
    shownFor = key;
    place.replaceChildren(...fresh.body.children);
  }, () => 300);

  document.addEventListener("qm:talk", refresh);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "open") return;
    shownFor = "";
    refresh();
  });
  refresh();
})();
