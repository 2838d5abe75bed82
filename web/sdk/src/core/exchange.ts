import { RequestError } from "../errors.ts";
import type { ChatEvent } from "../events.ts";
import type { ServerFrame } from "../frames.ts";
import type { Effect, Topic } from "./effect.ts";
import { Link } from "./link.ts";
import { type Action, type Fields, isWrite, type Request, type Write } from "./request.ts";
import type { Surroundings } from "./surroundings.ts";

/** API Gateway closes a connection that sends more. */
const FRAME_MOST_BYTES = 32_768;

/** What is asked and not answered, and what is to be done about it. Source: docs/protocol.md, "Sending", "Errors". */
export class Exchange {
  readonly link: Link;
  readonly requests = new Map<string, Request>();
  effects: Effect[] = [];
  readonly surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
    this.link = new Link(surroundings);
  }

  /** Makes a request and keeps it until it is answered; `tick` sends it. */
  make(action: Action, fields: Fields, isOwn = false): Request {
    const request = { id: this.surroundings.newId(), action, isOwn, ...makeProgress(fields) };
    this.requests.set(request.id, request);
    return request;
  }

  /** Lists the requests of a room, or of all, with an action, or with any, oldest first. */
  select(room: string | null, action?: Action): Request[] {
    return [...this.requests.values()].filter((request) => {
      return (room === null || request.room === room) && (!action || request.action === action);
    });
  }

  #transmit(request: Request): void {
    const { action, id, fields } = request;
    const text = JSON.stringify({ action, id, ...fields });
    // In UTF-8, of which not every React Native has an encoder.
    const bytes = encodeURIComponent(text).replace(/%../g, "%").length;
    if (bytes > FRAME_MOST_BYTES) {
      this.fail(request, new RequestError("frame.too_large", `${bytes} bytes, of at most ${FRAME_MOST_BYTES}`));
    } else {
      request.sentMs = this.surroundings.nowMs;
      request.dueMs = request.sentMs + this.surroundings.timing.replyMs * 2 ** Math.min(request.attempts++, 3);
      this.#send(text);
    }
  }

  /** Sends a frame that has no answer and is not sent again. */
  signal(fields: Fields): void {
    this.#send(JSON.stringify(fields));
  }

  ping(): void {
    this.signal({ action: "ping" });
    this.link.notePing();
  }

  /** Has the caller do something. */
  emit(effect: Effect): void {
    this.effects.push(effect);
  }

  /** Notes that a snapshot has changed. */
  change(of: Topic): void {
    this.emit({ type: "change", of });
  }

  tell(event: ChatEvent): void {
    this.emit({ type: "tell", event });
  }

  /** Forgets a request that was answered, or has failed. */
  settle({ id }: Request, answer: ServerFrame | RequestError | null): void {
    this.requests.delete(id);
    this.emit({ type: "settle", id, answer });
  }

  /** Ends a request that will not be answered well; a write is kept, for the user to see. */
  fail(request: Request, error: RequestError): void {
    this.settle(request, error);
    if (isWrite(request)) {
      request.error = error;
      this.save(request);
      this.tell({ type: "failed", id: request.id, room: request.room, error });
    }
  }

  /** Has a write kept as it is now. */
  save(write: Write): void {
    const { id, order, action, room, fields, error } = write;
    const kept = error && { code: error.code, message: error.message };
    write.saving++;
    this.emit({ type: "save", record: { id, order, action, fields, error: kept } });
    this.change(room);
  }

  /** Sends a request again later, when a retryable error says or after a random wait. */
  postpone(request: Request, retryAfterMs: number): void {
    request.dueMs = this.surroundings.nowMs + Math.max(this.link.backOff(request.attempts - 1), retryAfterMs);
  }

  /** Notes that the connection is gone: requests wait for the next, those about it alone are forgotten. */
  lose(): void {
    for (const request of this.requests.values()) {
      request.attempts = request.dueMs = 0;
      if (request.isOwn) this.requests.delete(request.id);
    }
  }

  /**
   * Sends what is due, again where it was not answered in time, and a ping where the connection was idle or is in doubt.
   *
   * @param isTurn whether a request can be sent: what it needs is there.
   */
  tick(isTurn: (request: Request) => boolean): void {
    for (const request of this.requests.values()) {
      if (request.dueMs > this.surroundings.nowMs || !isTurn(request)) continue;
      if (request.attempts && this.link.wasSilentSince(request.sentMs)) this.ping();
      this.#transmit(request);
    }
    if (this.link.shouldPing()) this.ping();
  }

  deadline(isTurn: (request: Request) => boolean): number {
    return Math.min(
      ...this.select(null)
        .filter(isTurn)
        .map(({ dueMs }) => dueMs),
    );
  }

  #send(text: string): void {
    this.emit({ type: "transmit", socket: this.link.current, text });
    this.link.noteSent();
  }
}

/** Begins a request with these fields, that was not sent yet. */
export function makeProgress(fields: Fields): Omit<Request, "id" | "action" | "isOwn"> {
  return { room: (fields.room as string | undefined) ?? null, fields, attempts: 0, sentMs: 0, dueMs: 0 };
}
