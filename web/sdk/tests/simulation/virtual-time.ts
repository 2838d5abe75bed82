import type { Environment } from "../../src/index.ts";
import { settle } from "../support/time.ts";

interface Timer {
  readonly work: () => void;
  readonly dueMs: number;
}

/** A clock that somebody else sets, and the timers by it. */
export class VirtualTime {
  nowMs: number;
  readonly #timers = new Set<Timer>();

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  get environment(): Pick<Environment, "now" | "setTimeout" | "clearTimeout"> {
    return {
      now: () => this.nowMs,
      setTimeout: (work, waitMs) => {
        const timer = { work, dueMs: this.nowMs + waitMs };
        this.#timers.add(timer);
        return timer;
      },
      clearTimeout: (timer: never) => void this.#timers.delete(timer),
    };
  }

  /** When the first timer is due; null where there is none. */
  get dueMs(): number | null {
    return this.#timers.size ? Math.min(...[...this.#timers].map(({ dueMs }) => dueMs)) : null;
  }

  /** Does what is due, and all that follows from it at once. */
  async run(): Promise<void> {
    for (;;) {
      await settle();
      const [next] = [...this.#timers].sort((one, other) => one.dueMs - other.dueMs);
      if (!next || next.dueMs > this.nowMs) return;
      this.#timers.delete(next);
      next.work();
    }
  }
}
