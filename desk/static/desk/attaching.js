/* Pictures and papers beside the words: picked, pasted or dropped, shown before they go out, kept for
   their talk while another one is looked at. */
(() => {
  "use strict";
  const kept = new Map(); // number of a talk: its files
  const form = () => document.getElementById("compose");
  const input = () => document.getElementById("files");
  const place = () => document.getElementById("attached");
  const number = () => form()?.dataset.number || "";
  const mayReply = () => document.getElementById("compose-rights")?.dataset.reply === "yes";

  const files = () => kept.get(number()) || [];
  const tell = (text) => document.dispatchEvent(new CustomEvent("qm:tell", { detail: text }));

  const set = (chosen) => {
    if (chosen.length) kept.set(number(), chosen);
    else kept.delete(number());
    show();
  };

  const add = (more) => {
    if (!form() || !mayReply() || !more.length) return false;
    const { most, largest, tooLarge, tooMany } = place().querySelector("ul").dataset;
    const large = more.find((file) => file.size > Number(largest)); // bytes
    if (large) tell(tooLarge.replace("%s", large.name));
    else if (files().length + more.length > Number(most)) tell(tooMany);
    else {
      if (form().dataset.mode === "note") document.querySelector('[data-mode-to="reply"]').click();
      set([...files(), ...more]);
      return true;
    }
    return false;
  };

  const show = () => {
    if (!form()) return;
    const list = place().querySelector("ul");
    window.qianmen.showFiles(list, input(), files(), list.dataset.remove, (at) => {
      set(files().filter((_, index) => index !== at));
      document.getElementById("words").focus();
    });
    input().disabled = form().dataset.mode === "note";
    place().hidden = !files().length;
    const papers = place().querySelector("[data-papers]");
    if (papers) papers.hidden = !files().some((file) => !file.type.startsWith("image/"));
    progress(0);
  };

  const progress = (percent) => {
    const bar = place()?.querySelector("progress");
    if (!bar) return;
    bar.hidden = !percent || percent >= 100;
    bar.value = percent;
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-attach]")) input().click();
  });
  document.addEventListener("change", (event) => {
    if (event.target !== input()) return;
    const chosen = [...input().files];
    if (!add(chosen)) show();
    document.getElementById("words").focus();
  });
  document.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files || [])];
    if (event.target.id !== "words" || !pasted.length) return;
    event.preventDefault();
    add(pasted);
  });

  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event) || !form()) return;
    event.preventDefault(); // else the browser would open the file in place of the desk
    form().classList.toggle("drop", mayReply());
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form()?.classList.remove("drop");
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    form()?.classList.remove("drop");
    add([...event.dataTransfer.files]);
  });

  document.addEventListener("htmx:xhr:progress", (event) => {
    const { lengthComputable, loaded, total } = event.detail;
    if (files().length && lengthComputable) progress((100 * loaded) / total);
  });
  document.addEventListener("htmx:afterRequest", () => progress(0));
  document.addEventListener("talk-changed", (event) => {
    if (!event.detail.said) return;
    kept.delete(String(event.detail.conversation));
    show();
  });
  document.addEventListener("qm:mode-set", show);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "open") show();
  });
})();
