/* Waiting times tick; they turn ochre at two minutes and red at three, the standard's limit. */
(() => {
  "use strict";
  const SOON = 120;
  const LATE = 180;
  const tick = () => {
    for (const element of document.querySelectorAll(".wait[data-since]")) {
      const passed = Math.max(0, Math.floor((Date.now() - Date.parse(element.dataset.since)) / 1000));
      if (passed >= 3600) continue; // the server says hours and days
      const clock = `${Math.floor(passed / 60)}:${String(passed % 60).padStart(2, "0")}`;
      const words = element.textContent.replace(/\d+:\d\d/, clock);
      if (words !== element.textContent) element.textContent = words;
      element.classList.toggle("soon", passed >= SOON && passed < LATE);
      element.classList.toggle("late", passed >= LATE);
    }
  };
  setInterval(tick, 1000);
})();
