/* The wall board renews itself; when the desk cannot be reached it says so and goes on trying. */
(() => {
  "use strict";
  const cut = document.getElementById("cut");
  const told = (isCut) => {
    cut.hidden = !isCut;
    document.getElementById("board").classList.toggle("old", isCut);
  };
  document.addEventListener("htmx:sendError", () => told(true));
  document.addEventListener("htmx:timeout", () => told(true));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 403) location.reload(); // logged out meanwhile
    else told(true);
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status < 400) told(false);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.submit();
  });
})();
