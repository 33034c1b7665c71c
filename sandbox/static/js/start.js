// How far each process is, asked every two seconds; doors open when what is behind them is there.

import { byId, el } from "./dom.js";

const NAMES = ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九"];
const WORDS = { ready: "已就绪", partly: "还差一点", down: "还没有应答" };
const EVERY = 2000;

let timer = 0;

async function look() {
  clearTimeout(timer);
  try {
    const response = await fetch("/standing", { cache: "no-store" });
    if (!response.ok) throw new Error(String(response.status));
    show((await response.json()).items);
    byId("lost").hidden = true;
  } catch {
    byId("lost").hidden = false;
    say("连不上", "partly");
  }
  timer = setTimeout(look, EVERY);
}

function show(items) {
  const list = byId("parts");
  list.removeAttribute("aria-busy");
  list.replaceChildren(...items.map(part));
  const needed = items.filter((item) => !item.optional);
  const missing = needed.filter((item) => item.state !== "ready");
  const spare = items.filter((item) => item.optional && item.state !== "ready");
  if (missing.length) say(`还差${NAMES[missing.length]}个部件`, "partly");
  else if (spare.length) say("可以用了，机器人由坐席台代答", "ready");
  else say(`${NAMES[items.length]}个部件都就绪`, "ready");
  const desk = items.find((item) => item.name === "desk");
  const isOpen = desk?.state !== "down";
  for (const door of document.querySelectorAll("[data-needs=desk]")) door.disabled = !isOpen;
  byId("staff-note").textContent = isOpen ? "点一下就登录，仅限演示" : "坐席台还没有应答，起来后就能点";
}

function part(item) {
  const words = item.note || WORDS[item.state];
  const spare = item.optional && item.state !== "ready" ? "，可以没有" : "";
  return el(
    "li",
    { class: `${item.state}${item.optional ? " optional" : ""}` },
    el("span", { class: "dot" }),
    el("b", {}, item.title),
    el("span", { class: "what" }, words + spare),
  );
}

function say(text, state) {
  const all = byId("all");
  if (all.textContent === text) return;
  all.textContent = text;
  all.className = `all ${state}`;
}

byId("again").addEventListener("click", look);
look();
