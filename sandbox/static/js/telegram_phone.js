// The citizen's Telegram: a private chat with the hotline's bot.

import { ask, byId, el, spoken, toTheSecond } from "./dom.js";
import { Feed } from "./feed.js";
import { remember, remembered } from "./last.js";
import { isAddress, outside, words } from "./bubbles.js";

const query = new URLSearchParams(location.search);
const [lastAccount, lastCitizen] = remembered();
const chat = byId("chat");
const text = byId("text");
const drawn = new Map();

let feed = null;
let base = "";
let lastDay = "";

async function open() {
  feed?.close();
  const account = byId("account").value;
  const name = byId("citizen").value;
  history.replaceState(null, "", `?${new URLSearchParams({ account, citizen: name })}`);
  remember(account, name);
  try {
    const citizen = await ask(`/control/telegram/${account}/citizens`, { method: "POST", json: { name } });
    base = `/control/telegram/${account}/citizens/${citizen.id}`;
  } catch (problem) {
    online(false);
    fail(problem.message);
    setTimeout(open, 2000);
    return;
  }
  feed = new Feed(base, { load, entry: add, changed: change, standing, traffic, pressed, online });
}

function load(state) {
  chat.removeAttribute("aria-busy");
  byId("title").textContent = state.title;
  drawn.clear();
  lastDay = "";
  chat.replaceChildren();
  byId("log").replaceChildren();
  if (!state.entries.length) chat.append(el("p", { class: "empty" }, "这个机器人还没有和您说过话。点“开始”。"));
  state.entries.forEach(add);
  state.traffic.forEach(traffic);
  if (!state.traffic.length) byId("log").append(el("li", { class: "none" }, "市民一说话，这里就有一来一往。"));
  standing(state);
}

function standing(state) {
  const began = drawn.size > 0;
  show("begin", !began && !state.blocked);
  show("unblock", state.blocked);
  show("foot", began && !state.blocked);
  byId("block").disabled = state.blocked;
  byId("now").textContent = state.typing ? "正在输入…" : "机器人";
  clearTimeout(standing.timer);
  if (state.typing) standing.timer = setTimeout(() => (byId("now").textContent = "机器人"), 5000);
  show("keyboard", state.keyboard.length > 0 && !state.blocked);
  byId("keyboard").replaceChildren(...state.keyboard.map((row) => el("div", { class: "keys" }, ...row.map(key))));
}

function key(button) {
  const send = () => {
    if (button.request_location) return quietly(act("messages", { kind: "location" }));
    if (button.request_contact) return quietly(act("messages", { kind: "contact", contact_of: Number(base.split("/").at(-1)) }));
    return quietly(act("messages", { text: button.text }));
  };
  return el("button", { type: "button", onclick: send }, button.text);
}

function add(entry) {
  chat.querySelector(".empty")?.remove();
  const day = spoken(entry.at).replace(/\s?\d\d:\d\d$/, "") || "今天";
  if (day !== lastDay) chat.append(el("div", { class: "t" }, day));
  lastDay = day;
  const row = draw(entry);
  drawn.set(entry.id, row);
  chat.append(row);
  if (entry.side === "citizen") { show("begin", false); show("foot", true); }
  toEnd();
}

function change(entry) {
  const row = draw(entry);
  drawn.get(entry.id)?.replaceWith(row);
  drawn.set(entry.id, row);
}

function draw(entry) {
  if (entry.kind === "notice") return el("div", { class: "notice" }, entry.text);
  const body = el("div", { class: "b" });
  if (entry.picture) {
    const image = el("img", { src: entry.picture, alt: "照片" });
    image.addEventListener("load", toEnd);
    image.addEventListener("error", () => image.replaceWith("［图片已过期］"));
    body.append(image);
  }
  if (entry.kind === "file") body.append(el("a", { class: "paper", href: entry.url, download: entry.tail }, entry.tail));
  const time = toTheSecond(entry.at).slice(0, 5);
  body.append(...words(entry.text ?? "", () => {}), el("time", {}, entry.edited ? `已编辑 ${time}` : time));
  return el("div", { class: entry.side === "citizen" ? "m r" : "m" }, body, ...buttons(entry));
}

function buttons(entry) {
  const rows = [];
  for (const item of entry.taps ?? []) {
    const row = item.row ?? 0;
    rows[row] ??= el("div", { class: "keys" });
    const press = () => quietly(act("taps", { message_id: Number(entry.message_id), data: item.id }));
    rows[row].append(isAddress(item.url) ? outside(item.url, item.label) : el("button", { type: "button", onclick: press }, item.label));
  }
  return rows.filter(Boolean);
}

function pressed({ text: answer }) {
  if (!answer) return;
  byId("toast").textContent = answer;
  show("toast", true);
  clearTimeout(pressed.timer);
  pressed.timer = setTimeout(() => show("toast", false), 4000);
}

function traffic(line) {
  const log = byId("log");
  log.querySelector(".none")?.remove();
  log.append(el("li", { class: line.bad ? "bad" : null }, el("span", {}, toTheSecond(line.at)), el("span", {}, line.way), el("span", {}, line.text)));
  log.scrollTop = log.scrollHeight;
}

// What the citizen does

async function act(path, json, body) {
  fail("");
  try {
    const done = await ask(`${base}/${path}`, { method: "POST", json, body });
    if (done.update_id && !done.delivered) fail("热线还没有收下这一条，平台会接着送");
    return done;
  } catch (problem) {
    fail(problem.message);
    throw problem;
  }
}
const quietly = (promise) => promise.catch(() => {}); // the sentence is on the phone already

byId("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = text.value.trim();
  if (!said) return;
  text.value = "";
  try {
    await act("messages", { text: said });
  } catch {
    if (!text.value) text.value = said;
  }
});
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("write").requestSubmit();
  }
});
for (const button of document.querySelectorAll("[data-say]")) {
  button.addEventListener("click", () => { sheet(false); quietly(act("messages", { text: button.dataset.say })); });
}
byId("begin").addEventListener("click", () => quietly(act("messages", { text: "/start" })));
byId("block").addEventListener("click", () => { sheet(false); quietly(act("events", { event: "block" })); });
byId("unblock").addEventListener("click", () => quietly(act("events", { event: "unblock" })));
byId("photo").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", () => {
  const [file] = byId("file").files;
  byId("file").value = "";
  if (!file) return;
  if (file.size > 10 * 1024 * 1024) { fail("照片超过 10 MB，发不出"); return; }
  quietly(act("pictures", undefined, file));
});
byId("account").addEventListener("change", open);
byId("citizen").addEventListener("change", open);
byId("more").addEventListener("click", () => { sheet(true); byId("citizen").focus(); });
document.querySelector("[data-close]").addEventListener("click", () => sheet(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && sheet(false));

const sheet = (is) => byId("tools").classList.toggle("open", is);
const toEnd = () => (chat.scrollTop = chat.scrollHeight);
function show(id, is) { byId(id).hidden = !is; }
function online(is) {
  show("offline", !is);
  if (is && byId("error").textContent.startsWith("连不上")) fail("");
}
function fail(sentence) {
  byId("error").textContent = sentence;
  show("error", Boolean(sentence));
  if (sentence) toEnd();
}

function pick(select, value) {
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}
pick(byId("account"), query.get("account") ?? lastAccount);
pick(byId("citizen"), query.get("citizen") ?? lastCitizen);
if (byId("account").options.length) open();
else { chat.removeAttribute("aria-busy"); chat.append(el("p", { class: "empty" }, "渠道表里没有连到沙盒的机器人。")); show("foot", false); }
