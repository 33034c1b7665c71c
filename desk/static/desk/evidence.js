/* A field and the words it rests on light up together, from either side, by pointer or keyboard. */
(() => {
  "use strict";
  const numberOf = (element) => {
    const field = element.closest("[data-field]");
    if (field) return [field.dataset.field];
    const ref = element.closest("[data-ref]");
    if (ref) return [ref.dataset.ref];
    const words = element.closest("q.said");
    return words ? words.dataset.refs.split(" ") : [];
  };
  const mark = (numbers) => {
    const narrow = numbers.slice(-1); // of overlapping words the innermost
    for (const words of document.querySelectorAll("q.said")) {
      words.classList.toggle("on", words.dataset.refs.split(" ").some((n) => narrow.includes(n)));
    }
    for (const field of document.querySelectorAll("[data-field]")) {
      field.classList.toggle("at", narrow.includes(field.dataset.field));
    }
  };
  document.addEventListener("pointerover", (event) => mark(numberOf(event.target)));
  document.addEventListener("focusin", (event) => mark(numberOf(event.target)));
  document.addEventListener("click", (event) => {
    const ref = event.target.closest("a[data-ref]");
    if (!ref) return;
    event.preventDefault();
    const inTalk = Boolean(ref.closest("#lines, .quote"));
    const other = inTalk
      ? document.getElementById(`f-${ref.dataset.ref}`)
      : [...document.querySelectorAll("q.said")].find((words) =>
          words.dataset.refs.split(" ").includes(ref.dataset.ref),
        );
    if (!other) return;
    const app = document.querySelector(".app[data-pane]");
    if (app) app.dataset.pane = inTalk ? "case" : "thread";
    other.scrollIntoView({ block: "center" });
    mark([ref.dataset.ref]);
    if (inTalk) other.focus({ preventScroll: true });
  });
})();
