// When to ask: by the clock, when the server tells of a new version, and when somebody looks again.

const firstRetrySeconds = 5;
const lastRetrySeconds = 60;

export class Pulse {
  /**
   * @param {{beat: () => Promise<boolean>, clock?: Object, isHidden?: () => boolean}} options `beat` asks, and tells whether all went well.
   */
  constructor({ beat, clock = globalThis, isHidden = () => false }) {
    this.beatOnce = beat;
    this.clock = clock;
    this.isHidden = isHidden;
    this.seconds = 0;
    this.failures = 0;
    this.timer = null;
    this.running = null;
    this.isAskedAgain = false;
    /** Whether the server tells of new versions. */
    this.isLive = false;
  }

  /** @param {number} seconds Between two questions; 0: only by hand. */
  setInterval(seconds) {
    this.seconds = seconds;
    this.schedule();
  }

  /** Asks now; if a question is under way, once more behind it. @returns {Promise<void>} When nothing is under way. */
  beat() {
    if (this.running !== null) {
      this.isAskedAgain = true;
      return this.running;
    }
    this.running = this.run();
    return this.running;
  }

  async run() {
    do {
      this.isAskedAgain = false;
      const isWell = await this.beatOnce().catch(() => false);
      this.failures = isWell ? 0 : this.failures + 1;
    } while (this.isAskedAgain);
    this.running = null;
    this.schedule();
  }

  /** Until the next question, in seconds; 0: none is planned. What failed is tried again sooner. */
  get delay() {
    if (this.failures === 0) return this.seconds;
    const retry = Math.min(lastRetrySeconds, firstRetrySeconds * 2 ** (this.failures - 1));
    return this.seconds === 0 ? retry : Math.min(retry, this.seconds);
  }

  schedule() {
    if (this.timer !== null) this.clock.clearTimeout(this.timer);
    this.timer = null;
    if (this.running !== null || this.delay === 0 || this.isHidden()) return;
    this.timer = this.clock.setTimeout(() => {
      this.timer = null;
      this.beat();
    }, this.delay * 1000);
  }

  /** Nobody looks, or somebody looks again. */
  seen() {
    if (this.isHidden()) this.schedule();
    else if (this.seconds > 0 || this.failures > 0) this.beat();
  }

  /**
   * Listens to the server's events, which reconnect by themselves; where they end for good, the clock is left.
   *
   * @param {EventTarget & {close: () => void, readyState: number}} source
   */
  listen(source, onChange = () => {}) {
    const set = (isLive) => {
      this.isLive = isLive;
      onChange();
    };
    source.addEventListener("open", () => set(true));
    source.addEventListener("error", () => set(false));
    for (const name of ["version", "message"]) source.addEventListener(name, () => { if (this.seconds > 0 && !this.isHidden()) this.beat(); });
  }
}
