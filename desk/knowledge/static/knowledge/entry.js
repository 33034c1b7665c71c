// The form of an entry: how long the answer is, and a question put to what is live.
(() => {
  const WECHAT_BYTES = 2048;

  const count = (field) => {
    const note = document.createElement("p");
    note.className = "q-sub q-count";
    field.insertAdjacentElement("afterend", note);
    const show = () => {
      const bytes = new TextEncoder().encode(field.value).length;
      const parts = Math.max(1, Math.ceil(bytes / WECHAT_BYTES));
      const fits = parts === 1 ? "微信一条发完" : `微信分 ${parts} 条发`;
      note.textContent = `${[...field.value].length} 字 · ${bytes} / ${WECHAT_BYTES} 字节，${fits}`;
      note.classList.toggle("soon", parts > 1);
    };
    field.addEventListener("input", show);
    show();
  };

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

    const show = (found) => {
      told.replaceChildren();
      if (found.message) return told.append(line("p", found.message, "q-fault"));
      if (found.outcome === "no_article") return told.append(line("p", words.none));
      if (!found.entries.length) return told.append(line("p", words.gone));
      const answered = found.outcome === "answered";
      const said = found.asks ? `${words.asks} ${found.asks}` : words[answered ? "answered" : "menu"];
      told.append(line("p", said, "q-sub"));
      for (const entry of found.entries) {
        const head = line("p", entry.question, "q-told-question");
        if (entry.id === words.entry) head.append(" ", line("span", words.this, "q-tag ok"));
        told.append(head);
        if (answered) told.append(line("p", entry.answer, "q-told-answer"));
        if (entry.department) told.append(line("p", entry.department, "q-sub"));
      }
    };

    const go = async () => {
      if (!question.value.trim() || button.disabled) return;
      button.disabled = true;
      const body = new FormData();
      body.set("question", question.value);
      body.set("hotline", hotline.value);
      body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
      try {
        const response = await fetch(box.dataset.try, { method: "POST", body });
        show(await response.json());
      } catch {
        show({ message: words.broken });
      }
      button.disabled = false;
    };

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

  const start = () => {
    const answer = document.getElementById("id_answer");
    if (answer && answer.form && answer.form.id === "w-editor-form") count(answer);
    const similar = document.getElementById("id_similar_questions");
    if (similar) lines(similar);
    document.querySelectorAll("[data-try]").forEach(ask);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
