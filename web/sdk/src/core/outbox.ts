import { canRetryAfter, RequestError } from "../errors.ts";
import type { PendingWrite } from "../snapshots.ts";
import { type Exchange, makeProgress } from "./exchange.ts";
import type { Fields, OutboxRecord, Write, WriteAction } from "./request.ts";

/** This user's writes, from the moment they are made until they are shown in their place in the log. */
export class Outbox {
  readonly #exchange: Exchange;
  /** In order. */
  #writes = new Map<string, Write>();
  #lastOrder = 0;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get(id: string): Write | undefined {
    return this.#writes.get(id);
  }

  /** Makes a write, with `room` or `to` in its fields; the caller has it kept. */
  add(action: WriteAction, fields: Fields): Write {
    // As storage and the wire have it: without what is undefined, and nobody else's to change.
    const plain = JSON.parse(JSON.stringify(fields)) as Fields;
    const id = this.#exchange.surroundings.newId();
    return this.#take(makeWrite({ id, order: this.#nextOrder(), action, fields: plain, error: null }));
  }

  /** Takes what was kept before a reload; it goes before what was written since. Returns what is to be sent. */
  restore(records: readonly OutboxRecord[]): Write[] {
    return records.map((record) => this.#take(makeWrite(record))).filter((write) => !write.error);
  }

  /** Makes a failed write one to be sent, after all others; the caller has it kept. */
  retry(id: string): Write | undefined {
    const write = this.#writes.get(id);
    if (!write?.error) return undefined;
    if (write.error.code === "send.after_too_old") {
      // An earlier attempt can't be told from this one any more: it is another message.
      this.discard(id);
      return this.add(write.action, { ...write.fields, after: undefined });
    }
    return this.#take(Object.assign(write, { error: null, dueMs: 0, order: this.#nextOrder() }));
  }

  /** Forgets a failed write. */
  discard(id: string): void {
    const write = this.#writes.get(id);
    if (!write?.error) return;
    this.#writes.delete(id);
    this.#erase(write);
  }

  /** Lists those of a room that are not answered, in order; null for the messages to users whose room is not known. */
  unanswered(room: string | null): Write[] {
    return this.#of(room).filter((write) => write.seq === null && !write.error);
  }

  /** Notes that a write has become an entry: storage need not keep it any more. */
  finish(write: Write, seq: number): void {
    this.#exchange.requests.delete(write.id);
    write.seq = seq;
    this.#erase(write);
  }

  /** Forgets those of a room that have become entries up to a seq: they are shown as such. */
  prune(room: string, seq: number): void {
    for (const write of this.#of(room)) if (write.seq !== null && write.seq <= seq) this.#writes.delete(write.id);
  }

  /** Shows those of a room, in order. */
  list(room: string): PendingWrite[] {
    return this.#of(room).map(showWrite);
  }

  #of(room: string | null): Write[] {
    return [...this.#writes.values()].filter((write) => write.room === room);
  }

  #nextOrder(): number {
    return Math.max(this.#lastOrder + 1, this.#exchange.surroundings.nowMs);
  }

  #take(write: Write): Write {
    this.#writes.set(write.id, write);
    this.#writes = new Map([...this.#writes].sort(([, one], [, other]) => one.order - other.order));
    if (!write.error) this.#exchange.requests.set(write.id, write);
    this.#lastOrder = Math.max(this.#lastOrder, write.order);
    this.#exchange.change(write.room);
    return write;
  }

  #erase({ id, room }: Write): void {
    this.#exchange.emit({ type: "erase", id });
    this.#exchange.change(room);
  }
}

function makeWrite({ error: kept, ...record }: OutboxRecord): Write {
  const error = kept && new RequestError(kept.code, kept.message);
  return { ...record, ...makeProgress(record.fields), isOwn: false, saving: 0, seq: null, error };
}

/** What a write says that says nothing. */
const BLANK = { text: null, meta: null, emoji: null, remove: false };

function showWrite({ id, action, error, seq, order: at, fields }: Write): PendingWrite {
  const { room, to, after, seq: target = null, ...said } = fields;
  const state = error ? "failed" : seq === null ? "sending" : "sent";
  const canRetry = error !== null && canRetryAfter(error.code);
  return { ...BLANK, ...said, target: target as number | null, id, action, state, error, canRetry, at };
}
