// Building blocks of the pages. Text always goes in as text: what a chat carries is never markup.

/** An element: el("p", {class: "x", onclick: f}, "text", child, …). */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** JSON from the sandbox; throws an Error with a sentence that can be shown. */
export async function ask(path, { method = "GET", json, body } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      body: json === undefined ? body : JSON.stringify(json),
      headers: json === undefined ? {} : { "Content-Type": "application/json" },
    });
  } catch {
    throw new Error("连不上演示程序，话还在输入框里，过一会儿再发");
  }
  if (response.status === 204) return null;
  const content = await response.json().catch(() => null);
  if (!response.ok) throw new Error(content?.error?.message ?? `没有成功（${response.status}）`);
  return content;
}

const ZONE = "Asia/Shanghai";
const day = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE });
const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
const seconds = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const weekday = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, weekday: "short" });

export const toTheSecond = (at) => seconds.format(new Date(at));

/** A time as a phone says it: 14:26, 昨天 14:26, 周二 14:26, 11月2日 14:26. */
export function spoken(at, now = new Date()) {
  const then = new Date(at);
  const days = Math.round((Date.parse(day.format(now)) - Date.parse(day.format(then))) / 86_400_000);
  const time = clock.format(then);
  if (days === 0) return time;
  if (days === 1) return `昨天 ${time}`;
  if (days > 1 && days < 7) return `${weekday.format(then)} ${time}`;
  return `${until(at)}`;
}

/** A time to come: 11月26日（周四）14:31. */
export function until(at) {
  const then = new Date(at);
  const [month, dayOfMonth] = day.format(then).split("-").slice(1).map(Number);
  return `${month}月${dayOfMonth}日（${weekday.format(then)}）${clock.format(then)}`;
}
