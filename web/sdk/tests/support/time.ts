import type { Environment } from "../../src/index.ts";

interface Timer {
  readonly work: () => void;
  readonly waitMs: number;
  readonly dueMs: number;
}

/** A clock and its timers, which stand still until they are advanced. */
export class FakeTime {
  /** What the wall clock shows; a test may have it jump. */
  wallMs = 1_767_225_600_000;
  #elapsedMs = 0;
  readonly #timers = new Set<Timer>();

  /** How long the longest timer that is set was set for. */
  get longestMs(): number {
    return Math.max(...[...this.#timers].map(({ waitMs }) => waitMs));
  }

  get environment(): Pick<Environment, "now" | "setTimeout" | "clearTimeout"> {
    return {
      now: () => this.wallMs,
      setTimeout: (work, waitMs) => {
        const timer = { work, waitMs, dueMs: this.#elapsedMs + waitMs };
        this.#timers.add(timer);
        return timer;
      },
      clearTimeout: (timer: never) => void this.#timers.delete(timer),
    };
  }

  /** Lets some time pass, with everything that is due in it, in order. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#elapsedMs + ms;
    for (;;) {
      await settle();
      const [next] = [...this.#timers].sort((one, other) => one.dueMs - other.dueMs);
      if (!next || next.dueMs > endMs) break;
      this.#timers.delete(next);
      this.#passTo(Math.max(this.#elapsedMs, next.dueMs));
      next.work();
    }
    this.#passTo(endMs);
  }

  /** Has the device sleep: the clock goes on, no timer does. */
  sleep(ms: number): void {
    this.wallMs += ms;
  }

  #passTo(elapsedMs: number): void {
    this.wallMs += elapsedMs - this.#elapsedMs;
    this.#elapsedMs = elapsedMs;
  }
}

/** Lets every promise that can be settled be settled. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
