// The words in a bubble: links that open, links that say something, and everything else as text.

import { el } from "./dom.js";

// WeChat's own <a href="…">…</a>, or a bare address. Nothing else in a text is markup.
const LINK = /<a\s+href="([^"<>]*)"[^<>]*>([^<>]*)<\/a>|(https?:\/\/[^\s<>"'，。；！？（）《》、“”]+)/g;

/** Nodes for a text; `tap(label, id)` is called for a link that says something. */
export function words(text, tap) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    nodes.push(text.slice(end, match.index));
    const [whole, href, label, bare] = match;
    nodes.push(link(href ?? bare, label ?? bare, whole, tap));
    end = match.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function link(href, label, whole, tap) {
  const address = href.replaceAll("&amp;", "&");
  if (address.startsWith("weixin://bizmsgmenu?")) {
    const query = new URLSearchParams(address.slice(address.indexOf("?") + 1));
    const said = query.get("msgmenucontent");
    if (!said) return whole;
    return el("button", { class: "tap", type: "button", onclick: () => tap(said, query.get("msgmenuid") ?? "") }, label);
  }
  if (/^https?:\/\//.test(address)) return outside(address, label);
  return whole;
}

export const outside = (address, ...children) =>
  el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);

/** Only addresses that a phone would open. */
export const isAddress = (url) => /^https?:\/\//.test(url ?? "");
