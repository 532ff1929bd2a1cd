// The live WebSocket: what happens, as it happens, for one person; reconnects by itself.

const FIRST_WAIT = 250; // ms; doubled up to LONGEST_WAIT, with jitter so that tabs do not return in step
const LONGEST_WAIT = 5000;

/** Keeps a socket open. `onFrame(frame)`, `onChange("on"|"off")`; `stop()` ends it for good. */
export class Live {
  constructor(user, { journal = false, onFrame, onChange = () => {} }) {
    this.path = `/control/live?user=${encodeURIComponent(user)}${journal ? "&journal=1" : ""}`;
    this.onFrame = onFrame;
    this.onChange = onChange;
    this.wait = FIRST_WAIT;
    this.stopped = false;
    this.open();
  }

  open() {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${this.path}`);
    this.socket = socket;
    socket.addEventListener("message", (event) => {
      if (this.stopped) return;
      let frame;
      try {
        frame = JSON.parse(event.data);
      } catch {
        return; // not ours to repair: the next refresh brings the truth
      }
      if (frame.type === "hello") {
        this.wait = FIRST_WAIT;
        this.onChange("on");
      }
      this.onFrame(frame);
    });
    socket.addEventListener("close", () => {
      if (this.stopped) return;
      this.onChange("off");
      this.timer = setTimeout(() => this.open(), this.wait * (0.8 + 0.4 * Math.random()));
      this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    });
  }

  /** Tries again at once (a person pressed “now”). */
  now() {
    if (this.stopped || this.socket.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.timer);
    this.open();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket.close();
  }
}
