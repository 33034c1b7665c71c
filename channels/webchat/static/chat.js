// The web chat: shows the citizen's own words at once, keeps what was not sent, and resumes.
import { Connection } from "./connection.js";
import { Outbox, newId, secretOf } from "./keeping.js";
import { Talk } from "./talk.js";

const page = document.querySelector(".web");
const account = page.dataset.account;
const state = document.getElementById("state");
const words = document.getElementById("words");
const file = document.getElementById("picture");
const PICTURE_LIMIT = 5 * 1024 * 1024;

const talk = new Talk(document.getElementById("talk"), {
  choose: (option) => send({ type: "choose", id: newId(), choice: option.id, label: option.label }),
  again: (id) => {
    const frame = outbox.again(id);
    if (!frame) return;
    talk.sending(id);
    connection.send(frame);
  },
});
const outbox = new Outbox(account);
const connection = new Connection(page.dataset.socket, secretOf(account), {
  opened() {
    state.textContent = "";
    state.classList.remove("bad");
    for (const frame of outbox.unsent()) connection.send(frame);
  },
  lost(attempts) {
    state.textContent = attempts > 5 ? `还没连上，正在重试…急事请拨打 ${page.dataset.hotline}` : "重新连接…";
    state.classList.toggle("bad", attempts > 5);
  },
  ready() {
    for (const { frame } of outbox.kept()) talk.own(frame);
    talk.caughtUp();
  },
  lines(lines) {
    for (const line of lines) {
      if (line.who === "citizen") outbox.done(line.id);
      talk.line(line);
    }
  },
  ack(id) {
    outbox.done(id);
    talk.sent(id);
  },
  nack(id, text, again) {
    if (!again) outbox.done(id);
    else outbox.failed(id);
    talk.failed(id, text, again);
  },
});

function send(frame, picture) {
  outbox.add(frame, picture);
  talk.own(frame, picture);
  connection.send(frame, picture);
}

function say(text) {
  const trimmed = text.trim();
  if (trimmed) send({ type: "say", id: newId(), text: trimmed });
}

function fit() {
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight + 2}px`;
}

document.getElementById("say").addEventListener("submit", (event) => {
  event.preventDefault();
  say(words.value);
  words.value = "";
  fit();
  words.focus();
});
words.addEventListener("input", fit);
words.addEventListener("keydown", (event) => {
  // Enter also ends a word that is being composed; that is not meant to send it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  document.getElementById("say").requestSubmit();
});
for (const button of document.querySelectorAll("[data-say]"))
  button.addEventListener("click", () => say(button.dataset.say));
document.getElementById("pick").addEventListener("click", () => file.click());
file.addEventListener("change", () => {
  const [picture] = file.files;
  file.value = "";
  if (!picture) return;
  const frame = { type: "picture", id: newId() };
  if (picture.size > PICTURE_LIMIT) {
    talk.own(frame, picture);
    talk.failed(frame.id, "照片太大，请发 5 MB 以内的。", false);
    return;
  }
  send(frame, picture);
});

const size = document.getElementById("size");
function setSize(big) {
  document.documentElement.dataset.size = big ? "big" : "";
  size.setAttribute("aria-pressed", String(big));
}
size.addEventListener("click", () => {
  const big = size.getAttribute("aria-pressed") !== "true";
  setSize(big);
  try { localStorage.setItem("qianmen-size", big ? "big" : ""); } catch { /* private window */ }
});
try { setSize(localStorage.getItem("qianmen-size") === "big"); } catch { /* private window */ }

connection.open();
