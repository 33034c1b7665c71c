// What the browser keeps: the secret by which the hotline knows this citizen, and what is unsent.

const memory = new Map(); // a private window may refuse storage: then for as long as the page is open

function read(key) {
  try { return localStorage.getItem(key) ?? memory.get(key) ?? null; } catch { return memory.get(key) ?? null; }
}

function write(key, value) {
  memory.set(key, value);
  try { localStorage.setItem(key, value); } catch { /* private window */ }
}

function hex(bytes) {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export function newId() {
  return hex(12);
}

export function secretOf(account) {
  const key = `qianmen-secret-${account}`;
  const kept = read(key);
  if (kept && /^[0-9a-f]{32}$/.test(kept)) return kept;
  const secret = hex(16);
  write(key, secret);
  return secret;
}

// Words survive a reload; pictures are kept only while the page is open.
export class Outbox {
  constructor(account) {
    this.key = `qianmen-unsent-${account}`;
    this.pictures = new Map();
    try { this.items = JSON.parse(read(this.key) ?? "[]"); } catch { this.items = []; }
  }
  save() {
    write(this.key, JSON.stringify(this.items.filter(({ frame }) => frame.type !== "picture")));
  }
  add(frame, picture) {
    this.items.push({ frame, failed: false });
    if (picture) this.pictures.set(frame.id, picture);
    this.save();
  }
  done(id) {
    this.items = this.items.filter(({ frame }) => frame.id !== id);
    this.pictures.delete(id);
    this.save();
  }
  failed(id) {
    for (const item of this.items) if (item.frame.id === id) item.failed = true;
    this.save();
  }
  again(id) {
    const item = this.items.find(({ frame }) => frame.id === id);
    if (item) item.failed = false;
    return item && { ...item.frame, picture: this.pictures.get(id) };
  }
  kept() {
    return this.items;
  }
  unsent() {
    return this.items.filter(({ failed }) => !failed)
      .map(({ frame }) => ({ ...frame, picture: this.pictures.get(frame.id) }));
  }
}
