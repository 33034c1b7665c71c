// The form of an entry: its similar questions, and a question put to what is live and what will be.
(() => {
  const lines = (field) => {
    const note = document.createElement("p");
    note.className = "q-sub q-count";
    field.insertAdjacentElement("afterend", note);
    const show = () => {
      const number = field.value.split("\n").filter((line) => line.trim()).length;
      note.textContent = `${number} 条`;
    };
    field.addEventListener("input", show);
    show();
  };

  const ask = (box) => {
    const question = box.querySelector("[data-try-question]");
    const hotline = box.querySelector("[data-try-hotline]");
    const told = box.querySelector("[data-try-told]");
    const button = box.querySelector("[data-try-ask]");
    const words = told.dataset;

    const line = (tag, text, name) => {
      const made = document.createElement(tag);
      made.textContent = text;
      if (name) made.className = name;
      return made;
    };

    const tell = (found) => {
      if (found.outcome === "no_article") return [line("p", words.none)];
      if (!found.entries.length) return [line("p", words.gone)];
      const answered = found.outcome === "answered";
      const said = found.asks ? `${words.asks} ${found.asks}` : words[answered ? "answered" : "menu"];
      const lines = [line("p", said, "q-sub")];
      for (const entry of found.entries) {
        const head = line("p", entry.question, "q-told-question");
        if (entry.id === words.entry) head.append(" ", line("span", words.this, "q-tag ok"));
        head.append(" ", line("span", `${entry.percent}%`, "q-sub"));
        lines.push(head);
        if (answered) lines.push(line("p", entry.answer, "q-told-answer"));
        if (entry.department) lines.push(line("p", entry.department, "q-sub"));
      }
      return lines;
    };

    const show = (found) => {
      told.replaceChildren();
      if (found.message) return told.append(line("p", found.message, "q-fault"));
      if (found.then) told.append(line("h4", words.now, "q-told-when"));
      told.append(...tell(found));
      if (found.then) told.append(line("h4", words.then, "q-told-when"), ...tell(found.then));
    };

    // The answer to an older question must not stand below a newer one.
    let asked = 0;
    const go = async () => {
      if (!question.value.trim()) return;
      const number = (asked += 1);
      const body = new FormData(box.closest("form"));
      body.set("asked", question.value);
      body.set("hotline", hotline.value);
      body.set("entry", box.dataset.entry);
      let found;
      try {
        const response = await fetch(box.dataset.try, { method: "POST", body });
        found = await response.json();
      } catch {
        found = { message: words.broken };
      }
      if (number === asked) show(found);
    };

    let waiting;
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(go, 600);
    };
    question.addEventListener("input", soon);
    hotline.addEventListener("change", soon);
    box.closest("form").addEventListener("input", soon);
    button.addEventListener("click", go);
    question.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // the form around it is the entry's
      go();
    });
    // What is tried is no change of the entry: the form's own watch must not see it.
    for (const field of [question, hotline]) {
      for (const kind of ["input", "change"]) {
        field.addEventListener(kind, (event) => event.stopPropagation());
      }
    }
  };

  // A suggested question becomes a line of the field; the form notices as if it were typed.
  const add = (event) => {
    const button = event.target.closest("[data-add]");
    const field = document.getElementById("id_similar_questions");
    if (!button || !field) return;
    const lines = field.value.split("\n").filter((line) => line.trim());
    if (!lines.includes(button.dataset.add)) lines.push(button.dataset.add);
    field.value = lines.join("\n");
    button.closest("li").remove();
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  const start = () => {
    document.addEventListener("click", add);
    const similar = document.getElementById("id_similar_questions");
    if (similar) lines(similar);
    document.querySelectorAll("[data-try]").forEach(ask);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
