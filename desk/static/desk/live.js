/* What changed anywhere, as events of the document: `qm:event` for one change, `qm:again` when more
   may have changed than was told. The browser sends the last id it saw when it comes back. */
(() => {
  "use strict";
  const url = document.body.dataset.live;
  if (!url) return;
  const KINDS = ["message", "mention", "owner", "delivery", "case", "read"];
  const PAUSES = [1000, 2000, 5000, 10000];
  const cut = document.getElementById("cut");
  let source = null;
  let last = document.body.dataset.after || "";
  let tries = 0;
  let retry = 0;
  let alarm = 0;
  let isLeaving = false;

  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  const lost = () => {
    if (!alarm && !isLeaving) alarm = setTimeout(() => cut && (cut.hidden = false), 2500);
  };

  const found = () => {
    clearTimeout(alarm);
    alarm = 0;
    tries = 0;
    if (cut && !cut.hidden) {
      cut.hidden = true;
      say("qm:again");
    }
  };

  const connect = () => {
    clearTimeout(retry);
    if (source) source.close();
    source = new EventSource(last ? `${url}?after=${encodeURIComponent(last)}` : url);
    source.addEventListener("hello", (event) => {
      last = event.lastEventId || last;
      window.qianmen.pages = JSON.parse(event.data).pages;
      found();
    });
    source.addEventListener("reload", (event) => {
      last = event.lastEventId || last;
      say("qm:again");
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        last = event.lastEventId || last;
        say("qm:event", { kind, ...JSON.parse(event.data) });
      });
    }
    source.addEventListener("look", (event) => {
      last = event.lastEventId || last;
      say("qm:look", JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      lost();
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      retry = setTimeout(connect, PAUSES[Math.min(tries, PAUSES.length - 1)]);
      tries += 1;
    });
  };

  addEventListener("pagehide", () => {
    isLeaving = true;
    if (source) source.close();
  });
  addEventListener("pageshow", (event) => {
    isLeaving = false;
    if (event.persisted) connect();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-connect]")) connect();
  });
  connect();
})();
