// The socket: says hello, pings, and comes back with growing pauses from where it stopped.

const PING = 25_000;
const SILENCE = 60_000;
const LONGEST_PAUSE = 30_000;

export class Connection {
  constructor(path, secret, on) {
    this.address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    this.secret = secret;
    this.on = on;
    this.place = "";
    this.attempts = 0;
    this.ready = false;
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.hurry(); });
  }

  open() {
    clearTimeout(this.later);
    this.socket = new WebSocket(this.address);
    this.heard = Date.now();
    const { socket } = this;
    socket.addEventListener("open", () => {
      this.write({ type: "hello", secret: this.secret, after: this.place });
      this.pinging = setInterval(() => this.ping(), PING);
    });
    socket.addEventListener("message", ({ data }) => this.read(JSON.parse(data)));
    socket.addEventListener("close", () => { if (socket === this.socket) this.lost(); });
  }

  read(frame) {
    this.heard = Date.now();
    if (frame.type === "lines") {
      this.place = frame.lines.at(-1).place;
      this.on.lines(frame.lines);
    } else if (frame.type === "ready") {
      this.ready = true;
      this.attempts = 0;
      this.on.ready();
      this.on.opened();
    } else if (frame.type === "ack") this.on.ack(frame.id);
    else if (frame.type === "nack") this.on.nack(frame.id, frame.text, frame.again);
  }

  // What cannot go out now goes out when the connection is ready again: the outbox has it.
  send({ picture, ...frame }, file = picture) {
    if (!this.ready) return;
    this.write(frame);
    if (frame.type === "picture") this.socket.send(file);
  }

  write(frame) {
    this.socket.send(JSON.stringify(frame));
  }

  ping() {
    if (Date.now() - this.heard > SILENCE) this.socket.close();
    else this.write({ type: "ping" });
  }

  lost() {
    clearInterval(this.pinging);
    this.ready = false;
    this.attempts += 1;
    this.on.lost(this.attempts);
    const pause = Math.min(500 * 2 ** (this.attempts - 1), LONGEST_PAUSE);
    this.later = setTimeout(() => this.open(), pause * (0.75 + Math.random() / 2));
  }

  hurry() {
    if (this.socket?.readyState === WebSocket.CLOSED) this.open();
    else if (this.ready) this.ping();
  }
}
