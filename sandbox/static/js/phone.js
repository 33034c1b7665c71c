// The citizen's WeChat. The sandbox holds the chat; this page only shows it and passes on taps.

import { ask, byId, el, spoken, toTheSecond, until } from "./dom.js";
import { Feed } from "./feed.js";
import { remember, remembered } from "./last.js";
import { isAddress, outside, words } from "./bubbles.js";

const QUIET = 5 * 60_000; // a time line stands above a message that comes after this long
const query = new URLSearchParams(location.search);
const [lastAccount, lastCitizen] = remembered();
const chat = byId("chat");
const text = byId("text");

let feed = null;
let base = "";
let citizen = null;
let lastAt = 0;
let lastSaid = "";
let lines = [];

// Who and where

async function open() {
  feed?.close();
  const account = byId("account").value;
  const name = byId("citizen").value;
  history.replaceState(null, "", `?${new URLSearchParams({ account, citizen: name })}`);
  remember(account, name);
  try {
    citizen = await ask(`/control/wechat/${account}/citizens`, { method: "POST", json: { name } });
  } catch (problem) {
    show("offline", true);
    fail(problem.message);
    setTimeout(open, 2000);
    return;
  }
  base = `/control/wechat/${account}/citizens/${citizen.openid}`;
  feed = new Feed(base, { load, entry: add, changed: load, standing, traffic, online });
}

function load(state) {
  chat.removeAttribute("aria-busy");
  byId("title").textContent = state.title;
  byId("mode").textContent = byId("account").selectedOptions[0].text.includes("明文") ? "明文" : "安全（加密）";
  lastAt = 0;
  chat.replaceChildren();
  byId("log").replaceChildren();
  lines = [];
  if (state.entries.length === 0) chat.append(el("p", { class: "empty" }, "还没有说过话。在下面写一句就行。"));
  state.entries.forEach(add);
  state.traffic.forEach(traffic);
  if (!lines.length) byId("log").append(el("li", { class: "none" }, "市民一说话，这里就有一来一往。"));
  drawMenu(state.menu);
  standing(state);
}

function standing(state) {
  granted(state.grants, Date.parse(state.now) - Date.now());
  byId("longest").textContent = state.longest;
  byId("verdict").textContent = state.faults ? `违反 ${state.faults} 次` : "没有违反";
  byId("verdict").className = `tag ${state.faults ? "late" : "ok"}`;
  byId("follow").textContent = state.following ? "取消关注" : "重新关注";
  byId("follow").dataset.following = state.following;
  show("stranger", !state.following);
  show("foot", state.following);
  if (!state.following) extras(false);
  show("typing", state.typing);
  clearTimeout(standing.timer);
  if (state.typing) standing.timer = setTimeout(() => show("typing", false), 15_000);
}

/** Windows close by themselves, so what is left is counted again every second. */
function granted(grants, ahead) {
  clearInterval(granted.timer);
  const draw = () => {
    const open = grants.filter((grant) => Date.parse(grant.until) > Date.now() + ahead);
    const left = open.reduce((sum, grant) => sum + grant.left, 0);
    byId("left").textContent = left;
    byId("quota").replaceChildren(...Array.from({ length: Math.max(5, left) }, (_, index) => el("i", { class: index < left ? "left" : "" })));
    const ends = open.map((grant) => el("span", {}, `${open.length > 1 ? `${grant.left} 条到 ` : ""}${until(grant.until)}`));
    byId("until").replaceChildren(...(ends.length ? ends : ["没有开着的窗口"]));
    if (!open.length) clearInterval(granted.timer);
  };
  granted.timer = setInterval(draw, 1000);
  draw();
}

// What is seen

function add(entry) {
  chat.querySelector(".empty")?.remove();
  const near = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 120;
  const at = Date.parse(entry.at);
  if (at - lastAt > QUIET) chat.append(el("div", { class: "t" }, spoken(entry.at)));
  lastAt = at;
  chat.append(draw(entry));
  if (entry.side === "citizen" && entry.kind === "text") lastSaid = entry.text;
  if (near || entry.side === "citizen") toEnd();
}

function draw(entry) {
  if (entry.side === "system") return el("div", { class: entry.kind, role: entry.kind === "fault" ? "alert" : null }, entry.text);
  if (entry.kind === "template") return template(entry);
  if (entry.kind === "news") return news(entry);
  const own = entry.side === "citizen";
  const picture = el("span", { class: "pa", "aria-hidden": "true" }, own ? citizen.name.slice(0, 1) : gate());
  const row = el("div", { class: own ? "m r" : "m" }, picture, bubble(entry));
  if (entry.ai) row.append(el("span", { class: "ai" }, "内容由第三方AI生成"));
  return row;
}

function bubble(entry) {
  if (entry.kind === "image") {
    const image = el("img", { src: entry.picture, alt: entry.side === "citizen" ? "市民发的照片" : "图片" });
    const box = el("div", { class: "b pic" }, outside(entry.picture, image));
    image.addEventListener("load", toEnd);
    image.addEventListener("error", () => { box.className = "b"; box.replaceChildren("［图片已过期］"); });
    return box;
  }
  const box = el("div", { class: "b" }, ...words(entry.text ?? "", tap));
  for (const item of entry.taps ?? []) {
    box.append(el("button", { class: "tap line", type: "button", onclick: () => tap(item.label, item.id) }, item.label));
  }
  if (entry.tail) box.append(el("span", { class: "tail" }, ...words(entry.tail, tap)));
  return box;
}

function template(entry) {
  const rows = (entry.rows ?? []).flatMap(([name, value]) => [el("dt", {}, LABELS[name.replace(/\d+$/, "")] ?? name), el("dd", {}, value)]);
  const card = el("div", { class: "card" }, el("h4", {}, TEMPLATES[entry.text] ?? entry.text), el("dl", {}, ...rows));
  if (isAddress(entry.url)) card.append(go(entry.url));
  return card;
}

function news(entry) {
  const card = el("div", { class: "card" }, el("h4", {}, entry.text), entry.tail ?? "");
  if (isAddress(entry.url)) card.append(go(entry.url));
  return card;
}

function go(url) {
  const link = outside(url, "查看详情", el("span", { "aria-hidden": "true" }, "›"));
  link.className = "go";
  return link;
}

// A template's wording lives at WeChat; its fields tell only their type.
const TEMPLATES = { case_progress: "工单进展通知" };
const LABELS = { character_string: "工单号", thing: "事项", phrase: "进展", time: "时间", date: "日期", number: "数量", const: "类别" };

const gate = () => byId("gate").content.cloneNode(true);
const toEnd = () => (chat.scrollTop = chat.scrollHeight);

function traffic(line) {
  const log = byId("log");
  log.querySelector(".none")?.remove();
  lines.push(`${toTheSecond(line.at)} ${line.way} ${line.text}`);
  log.append(el("li", { class: line.bad ? "bad" : null }, el("span", {}, toTheSecond(line.at)), el("span", {}, line.way), el("span", {}, line.text)));
  log.scrollTop = log.scrollHeight;
}

// What the citizen does

async function act(path, options) {
  fail("");
  try {
    return await ask(`${base}/${path}`, { method: "POST", ...options });
  } catch (problem) {
    fail(problem.message);
    throw problem;
  }
}

const quietly = (promise) => promise.catch(() => {}); // the sentence is on the phone already

const say = (words, more = {}) => act("messages", { json: { text: words, ...more } });
const tap = (label, id) => quietly(say(label, { menu_id: id }));

byId("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  grow();
  try {
    await say(words);
  } catch {
    if (!text.value) text.value = words; // what was typed is never lost
    grow();
  }
});

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("write").requestSubmit();
  }
});
text.addEventListener("input", grow);

function grow() {
  const has = text.value.trim() !== "";
  show("send", has);
  show("plus", !has);
  text.style.height = "";
  text.style.height = `${Math.min(text.scrollHeight, 112)}px`;
}

for (const button of document.querySelectorAll("[data-say]")) {
  button.addEventListener("click", () => { sheet(false); quietly(say(button.dataset.say)); });
}
for (const button of document.querySelectorAll("[data-kind]")) {
  button.addEventListener("click", () => { extras(false); quietly(act("messages", { json: { kind: button.dataset.kind } })); });
}

byId("photo").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", async () => {
  const [file] = byId("file").files;
  byId("file").value = "";
  extras(false);
  if (!file) return;
  if (file.size > 10 * 1024 * 1024) { fail("照片超过 10 MB，微信发不出"); return; }
  quietly(act("pictures", { body: file }));
});

const event = (name, key = "") => quietly(act("events", { json: { event: name, key } }));
byId("follow").addEventListener("click", () => { sheet(false); event(byId("follow").dataset.following === "true" ? "unsubscribe" : "subscribe"); });
byId("refollow").addEventListener("click", () => event("subscribe"));
byId("repeat").addEventListener("click", () => { sheet(false); lastSaid ? quietly(say(lastSaid, { copies: 3 })) : fail("还没有说过话，没有可以重复的"); });
byId("pass").addEventListener("click", async () => {
  sheet(false);
  await ask("/control/clock", { method: "POST", json: { seconds: 48 * 3600 } }).then(open, (problem) => fail(problem.message));
});
byId("newcomer").addEventListener("click", () => {
  const number = byId("citizen").options.length + 1;
  byId("citizen").append(el("option", {}, `市民 ${number}`));
  byId("citizen").selectedIndex = number - 1;
  sheet(false);
  open();
});
byId("account").addEventListener("change", open);
byId("citizen").addEventListener("change", open);

byId("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(lines.join("\n")).then(() => said("已复制"), () => said("复制不了"));
});
function said(word) {
  byId("copy").lastChild.textContent = word;
  setTimeout(() => (byId("copy").lastChild.textContent = "复制"), 1500);
}

// The foot: keyboard or the account's menu

function drawMenu(buttons) {
  show("swap", buttons.length > 0);
  byId("menu").replaceChildren(...buttons.map(menuItem));
}

function menuItem(item) {
  if (!item.sub_button?.length) return el("button", { type: "button", onclick: () => pressMenu(item) }, item.name);
  const inner = el("span", { class: "sub-items", hidden: true }, ...item.sub_button.map((one) => el("button", { type: "button", onclick: () => { inner.hidden = true; pressMenu(one); } }, one.name)));
  const box = el("span", { class: "menu-box" }, el("button", { type: "button", onclick: () => (inner.hidden = !inner.hidden) }, `≡ ${item.name}`), inner);
  return box;
}

function pressMenu(item) {
  if (item.type === "view") { if (isAddress(item.url)) window.open(item.url, "_blank", "noopener"); event("VIEW", item.url); }
  else event("CLICK", item.key);
}

byId("swap").addEventListener("click", () => {
  const toMenu = byId("menu").hidden;
  show("menu", toMenu);
  show("write", !toMenu);
  show("send", !toMenu && text.value.trim() !== "");
  show("plus", !toMenu && text.value.trim() === "");
  byId("swap").setAttribute("aria-label", toMenu ? "切换到键盘" : "切换到菜单");
  extras(false);
});
byId("plus").addEventListener("click", () => extras(byId("extras").hidden));
function extras(is) {
  show("extras", is);
  byId("plus").setAttribute("aria-expanded", String(is));
  toEnd();
}

byId("more").addEventListener("click", () => { sheet(true); byId("citizen").focus(); });
document.querySelector("[data-close]").addEventListener("click", () => sheet(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && sheet(false));
const sheet = (is) => byId("tools").classList.toggle("open", is);

function show(id, is) { byId(id).hidden = !is; }
function fail(sentence) {
  byId("error").textContent = sentence;
  show("error", Boolean(sentence));
  if (sentence) toEnd();
}
function online(is) {
  show("offline", !is);
  if (is && byId("error").textContent.startsWith("连不上")) fail("");
}

// Start

function pick(select, value, add) {
  if (!value) return;
  const known = [...select.options].some((option) => option.value === value);
  if (!known && add) select.append(el("option", {}, value));
  if (known || add) select.value = value;
}
pick(byId("account"), query.get("account") ?? lastAccount, false);
pick(byId("citizen"), (query.get("citizen") ?? lastCitizen)?.slice(0, 20), true);
if (query.get("text")) { text.value = query.get("text").slice(0, 500); text.focus(); }
if (byId("account").options.length) { grow(); open(); }
else { chat.removeAttribute("aria-busy"); chat.append(el("p", { class: "empty" }, "渠道表里没有连到沙盒的公众号。")); show("foot", false); }
