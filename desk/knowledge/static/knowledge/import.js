// Goes on writing an import while the page is open; without it the button does the same.
(() => {
  const step = async () => {
    const place = document.getElementById("progress");
    if (!place || !place.dataset.again) return;
    try {
      const response = await fetch(place.dataset.again, {
        method: "POST",
        headers: { "HX-Request": "true" },
        body: new FormData(place.querySelector("form")),
      });
      if (!response.ok) return; // the button stays, and so does what is written
      const text = await response.text();
      const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("progress");
      if (!fresh) return;
      place.replaceWith(fresh);
      setTimeout(step, 100);
    } catch {
      setTimeout(step, 5000);
    }
  };
  step();
})();
