/* Files that were picked and have not gone out: their rows, and the same ones in the form's field. */
(() => {
  "use strict";
  let shots = []; // addresses of the small pictures

  const row = (file, label, remove) => {
    const made = document.createElement("li");
    if (file.type.startsWith("image/")) {
      const picture = document.createElement("img");
      shots.push((picture.src = URL.createObjectURL(file)));
      picture.alt = "";
      made.append(picture);
    }
    const name = document.createElement("span");
    name.className = "grow";
    name.textContent = file.name;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn s ic quiet";
    button.textContent = "×";
    button.setAttribute("aria-label", label.replace("%s", file.name));
    button.addEventListener("click", remove);
    made.append(name, button);
    return made;
  };

  /* What is shown is what the form sends. `remove` is told the place of the one to take out. */
  window.qianmen = Object.assign(window.qianmen || {}, {
    showFiles: (list, input, files, label, remove) => {
      const data = new DataTransfer();
      for (const file of files) data.items.add(file);
      input.files = data.files;
      for (const shot of shots) URL.revokeObjectURL(shot);
      shots = [];
      list.replaceChildren(...files.map((file, at) => row(file, label, () => remove(at))));
    },
  });
})();
