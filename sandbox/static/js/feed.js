// A chat that stays live: loads all of it, then follows; after a break it loads all of it again.

import { ask } from "./dom.js";

const PAUSE = 1500;

export class Feed {
  /** `handlers`: load(state), entry, changed, standing, traffic, pressed, and online(bool). */
  constructor(base, handlers) {
    this.base = base;
    this.handlers = handlers;
    this.closed = false;
    this.start();
  }

  async start() {
    if (this.closed) return;
    try {
      const state = await ask(`${this.base}/chat`);
      if (this.closed) return;
      this.handlers.load(state);
      this.follow(state.entries.at(-1)?.id ?? 0);
    } catch {
      this.broke();
    }
  }

  follow(after) {
    this.source = new EventSource(`${this.base}/live?after=${after}`);
    this.source.onopen = () => this.handlers.online(true);
    this.source.onerror = () => this.broke();
    for (const name of ["entry", "changed", "standing", "traffic", "pressed"]) {
      this.source.addEventListener(name, (event) => this.handlers[name]?.(JSON.parse(event.data)));
    }
  }

  broke() {
    if (this.closed) return;
    this.source?.close();
    this.handlers.online(false);
    setTimeout(() => this.start(), PAUSE);
  }

  close() {
    this.closed = true;
    this.source?.close();
  }
}
