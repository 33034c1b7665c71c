// What is on the screen. Text becomes text nodes, never markup; only http addresses become links.

const SHORT = 4; // characters of an option that takes half a line

const WHO = { bot: "机器人", agent: "人工坐席", system: "系统消息" };
const ADDRESS = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/g;
const day = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric", weekday: "long", timeZone: "Asia/Shanghai" });
const clock = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function wordsOf(text) {
  const box = element("div", "txt");
  let end = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    box.append(text.slice(end, index));
    const link = element("a", "", address);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    box.append(link);
    end = index + address.length;
  }
  box.append(text.slice(end));
  return box;
}

function sizeOf(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export class Talk {
  constructor(box, on) {
    this.box = box;
    this.on = on;
    this.shown = new Map();
    this.day = "";
  }

  line(line) {
    const known = this.shown.get(line.id);
    if (known) {
      if (line.who === "citizen") this.sent(line.id, line.at);
      return;
    }
    this.dated(line.at);
    const said = element("div", `say ${line.who}`);
    if (line.who === "citizen") {
      said.append(wordsOf(line.picture ? "［照片］" : line.parts[0]?.text ?? ""));
      said.append(element("div", "by", clock.format(new Date(line.at))));
    } else {
      said.append(element("div", "who", `${WHO[line.who] ?? ""} · ${clock.format(new Date(line.at))}`));
      for (const part of line.parts) this.part(said, part);
    }
    this.add(line.id, said);
  }

  part(said, part) {
    if (part.text) said.append(wordsOf(part.text));
    if (part.file) said.append(this.file(part.file));
    if (!part.options?.length) return;
    const options = element("div", "opts");
    options.setAttribute("role", "group");
    options.setAttribute("aria-label", "可以直接点");
    for (const option of part.options) {
      // Short ones stand side by side: 有用, 没解决.
      const button = element("button", option.label.length <= SHORT ? "btn short" : "btn", option.label);
      button.type = "button";
      button.addEventListener("click", () => this.on.choose(option));
      options.append(button);
    }
    said.append(options);
  }

  file(file) {
    const link = element("a", "txt sent-file");
    link.href = `/files/${file.key}`;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    if (file.kind === "image") {
      const picture = element("img", "shot");
      picture.alt = `坐席发来的图片：${file.name}`;
      picture.addEventListener("load", () => this.follow());
      picture.addEventListener("error", () => picture.replaceWith("［图片已过期］"));
      picture.src = link.href;
      link.append(picture);
    } else {
      link.download = file.name;
      link.append(element("span", "name", file.name), element("span", "sub", sizeOf(file.size)));
    }
    return link;
  }

  // A picture that arrives must not push the end out of sight.
  follow() {
    if (this.isAtEnd(600)) this.box.scrollTop = this.box.scrollHeight;
  }

  isAtEnd(near = 120) {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < near;
  }

  own(frame, picture) {
    if (this.shown.has(frame.id)) return;
    this.dated(new Date());
    const said = element("div", "say citizen");
    const words = wordsOf(frame.text ?? frame.label ?? (picture ? "" : "［照片］"));
    if (picture) {
      const shot = element("img", "shot");
      shot.alt = "您发的照片";
      shot.addEventListener("load", () => { this.box.scrollTop = this.box.scrollHeight; });
      shot.src = URL.createObjectURL(picture);
      shot.addEventListener("error", () => shot.replaceWith("［照片］"));
      words.append(shot);
    }
    said.append(words, element("div", "by", "正在发送…"));
    this.add(frame.id, said, true);
  }

  sending(id) {
    this.mark(id, "正在发送…", false);
  }

  sent(id, at = new Date()) {
    this.mark(id, `已发送 · ${clock.format(new Date(at))}`, false);
  }

  failed(id, text, again) {
    const by = this.mark(id, text, true);
    if (!by || !again) return;
    const retry = element("button", "link", "重发");
    retry.type = "button";
    retry.addEventListener("click", () => this.on.again(id));
    by.append(" ", retry);
  }

  mark(id, text, failed) {
    const said = this.shown.get(id);
    if (!said) return null;
    said.classList.toggle("failed", failed);
    const by = said.querySelector(".by");
    by.textContent = text;
    return by;
  }

  dated(at) {
    const today = day.format(new Date(at));
    if (today === this.day) return;
    this.day = today;
    this.box.append(element("div", "day", today));
  }

  add(id, said, own = false) {
    const atEnd = this.isAtEnd();
    said.dataset.id = id;
    this.shown.set(id, said);
    this.box.append(said);
    if (own || atEnd) this.box.scrollTop = this.box.scrollHeight;
  }

  // Until here it was history: a screen reader reads aloud only what comes from now on.
  caughtUp() {
    if (this.box.getAttribute("aria-busy") !== "true") return;
    this.box.setAttribute("aria-busy", "false");
    this.box.scrollTop = this.box.scrollHeight;
  }
}
