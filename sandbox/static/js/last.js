// Which account and citizen this phone showed last, so that coming back is coming back to them.

const KEY = `qianmen${location.pathname}`;

export function remember(account, citizen) {
  try {
    localStorage.setItem(KEY, JSON.stringify([account, citizen]));
  } catch {
    // A browser that keeps nothing still shows everything.
  }
}

export function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}
