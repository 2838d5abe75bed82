import type { EntryPush } from "../events.ts";
import type { Page } from "../frames.ts";
import type { Surroundings } from "./surroundings.ts";

/** What is dropped beyond this is read with `history` once the gap below it is closed. */
const HELD_MOST = 1000;

/** The last seq that was shown, and the epoch that it belongs to. */
export interface Position {
  readonly after: number;
  /** null while the room is empty. */
  readonly epoch: string | null;
}

/** What can be shown now, in this order. */
export interface Shown {
  /** What was shown before is of another log. */
  readonly isReset: boolean;
  /** Entries have expired before these. */
  readonly isTruncated: boolean;
  /** Entries of the page, whose messages stand as they are now. */
  readonly page: readonly EntryPush[];
  /** Those that were pushed, or this client's own by their acks. */
  readonly pushed: readonly EntryPush[];
}

/** A page of a room's log, as `joined`, `history` and `synced` carry it. */
export type LogPage = Omit<Page, "head">;

const NOTHING: Shown = { isReset: false, isTruncated: false, page: [], pushed: [] };

/**
 * One room's log, as far as this client has shown it: takes entries in any order and gives them back once each, in the
 * order of their numbers. The caller sends what `position` says, and asks `history` when `gapDueMs` has come.
 *
 * Source: docs/protocol.md, "Staying complete".
 */
export class Log {
  /** When to ask for what is missing below the entries that wait. */
  gapDueMs = Infinity;
  readonly #room: string;
  readonly #surroundings: Surroundings;
  #after: number | undefined;
  #epoch: string | null = null;
  #held = new Map<string, EntryPush>();

  constructor(room: string, surroundings: Surroundings) {
    this.#room = room;
    this.#surroundings = surroundings;
  }

  /** What to send as `after` and `epoch`; undefined before the first page. */
  get position(): Position | undefined {
    return this.#after === undefined ? undefined : { after: this.#after, epoch: this.#epoch };
  }

  /** Begins at a position. */
  begin(after: number, epoch: string | null): void {
    this.#after = after;
    this.#epoch = epoch;
  }

  /** Forgets the position and what waits. */
  forget(): void {
    this.#after = undefined;
    this.#epoch = null;
    this.#held.clear();
    this.gapDueMs = Infinity;
  }

  /** Takes a push, or this client's own entry by its ack. */
  takeEntry(entry: EntryPush): Shown {
    if (this.#after !== undefined) this.#epoch ??= entry.epoch;
    this.#hold(entry);
    return { ...NOTHING, pushed: this.#release() };
  }

  /** Notes that what is missing was asked for: should the answer fail, it is asked for again, but not at once. */
  noteAsked(): void {
    if (this.gapDueMs !== Infinity) this.gapDueMs = this.#gapEndMs;
  }

  /**
   * Takes a page that was read from a position on, or the newest page.
   *
   * @param asked the position that it was asked for with; without `after` for the newest page.
   */
  takePage(page: LogPage, asked: Partial<Position>): Shown {
    // The log has started over meanwhile: an answer to an older position says nothing about this one.
    if (asked.epoch && asked.epoch !== this.#epoch) return NOTHING;
    const entries = page.entries.map((entry) => ({ ...entry, room: this.#room, epoch: page.epoch ?? "" }) as EntryPush);
    if (page.reset || this.#after === undefined) {
      this.#epoch = page.epoch;
      this.#after = (entries[0]?.seq ?? 1) - 1;
      return { ...this.#showPage(entries), isReset: page.reset };
    }
    this.#epoch ??= page.epoch;
    if (asked.after === undefined || page.epoch !== this.#epoch) {
      // The page does not begin where this client stands: a number missing below it need not have expired.
      for (const entry of entries) this.#hold(entry);
      return { ...NOTHING, pushed: this.#release() };
    }
    return { ...this.#showPage(entries), isTruncated: page.truncated };
  }

  #showPage(entries: EntryPush[]): Shown {
    const after = this.#after ?? 0;
    const page = entries.filter((entry) => entry.seq > after);
    this.#after = page.at(-1)?.seq ?? after;
    // Where the room was empty when the page was read, its first entries have overtaken the answer.
    this.#epoch ??= [...this.#held.values()][0]?.epoch ?? null;
    // An entry of another epoch made this client ask; the answer decides which log it is.
    for (const [key, entry] of this.#held) if (entry.epoch !== this.#epoch) this.#held.delete(key);
    this.gapDueMs = Infinity;
    return { ...NOTHING, page, pushed: this.#release() };
  }

  get #gapEndMs(): number {
    return this.#surroundings.nowMs + this.#surroundings.timing.gapMs;
  }

  #hold(entry: EntryPush): void {
    if (this.#held.size < HELD_MOST) this.#held.set(keyOf(entry.epoch, entry.seq), entry);
  }

  /** Takes what can be shown out of what waits, and sees whether a gap remains. */
  #release(): EntryPush[] {
    if (this.#after === undefined) return [];
    const ready: EntryPush[] = [];
    for (;;) {
      const key = keyOf(this.#epoch, this.#after + 1);
      const entry = this.#held.get(key);
      if (!entry) break;
      this.#held.delete(key);
      ready.push(entry);
      this.#after++;
    }
    let isForeign = false;
    for (const [key, entry] of this.#held) {
      if (entry.epoch !== this.#epoch) isForeign = true;
      else if (entry.seq <= this.#after) this.#held.delete(key);
    }
    if (!this.#held.size) this.gapDueMs = Infinity;
    else if (isForeign) this.gapDueMs = this.#surroundings.nowMs;
    else if (ready.length || this.gapDueMs === Infinity) this.gapDueMs = this.#gapEndMs;
    return ready;
  }
}

function keyOf(epoch: string | null, seq: number): string {
  return `${seq} ${epoch}`;
}
