// The sum of the points while they are typed; the server reckons it again.
(() => {
  "use strict";
  const form = document.querySelector("[data-score]");
  const total = document.querySelector("[data-total]");
  if (!form || !total) return;
  const reckon = () => {
    const points = [...form.querySelectorAll("[data-points]")];
    const isRed = form.querySelector("[data-red]:checked") !== null;
    const sum = points.reduce((whole, one) => whole + (Number(one.value) || 0), 0);
    if (isRed) total.textContent = "0";
    else total.textContent = points.some((one) => one.value !== "") ? String(sum) : "";
  };
  form.addEventListener("input", reckon);
  reckon();
})();
