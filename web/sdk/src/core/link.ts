import type { ConnectionSnapshot } from "../snapshots.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Whether the connection lives: when to make it, to try it with a ping, to change it, to give it up.
 *
 * Sockets are numbered from 1; 0 stands for none. Source: docs/protocol.md, "Connecting".
 */
export class Link {
  /** The socket that frames go to. */
  current = 0;
  /** The one that it takes the place of, and that is still open. */
  old = 0;
  /** When the current one was opened. */
  openedMs = Infinity;
  /** The one that is being opened. */
  opening = 0;
  /** Nothing is to be opened. */
  isStopped = true;
  readonly #surroundings: Surroundings;
  #last = 0;
  #failures = 0;
  #reason: string | null = null;
  #connectDueMs = -Infinity;
  #changeDueMs = Infinity;
  #openDueMs = Infinity;
  #overlapEndMs = Infinity;
  #sentMs = -Infinity;
  #receivedMs = -Infinity;
  #pongDueMs = Infinity;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  start(): void {
    this.isStopped = false;
    this.#reason = null;
    this.#connectDueMs = this.#surroundings.nowMs;
    this.#failures = 0;
  }

  /**
   * Stops; returns the sockets to close.
   *
   * @param refusal why the server does not let this user in, where it does not.
   */
  stop(refusal: string | null): number[] {
    const sockets = [this.current, this.old, this.opening].filter(Boolean);
    this.current = this.old = this.opening = 0;
    this.isStopped = true;
    this.#reason = refusal;
    return sockets;
  }

  /**
   * Says whether to open a socket now.
   *
   * @param mayChange whether the present one can be done without.
   */
  shouldOpen(mayChange: boolean): boolean {
    return !this.isStopped && this.#nextOpenMs(mayChange) <= this.#surroundings.nowMs;
  }

  /** Notes that a socket is being opened; returns its number. */
  begin(): number {
    this.#openDueMs = this.#surroundings.nowMs + this.#surroundings.timing.openMs;
    this.opening = ++this.#last;
    return this.opening;
  }

  /** Notes that the socket is open. */
  open(): void {
    const { changeLeastMs, changeMostMs, overlapMs } = this.#surroundings.timing;
    this.old = this.current;
    this.current = this.opening;
    this.opening = 0;
    this.openedMs = this.#sentMs = this.#surroundings.nowMs;
    this.#reason = null;
    this.#receivedMs = -Infinity;
    this.#pongDueMs = Infinity;
    this.#overlapEndMs = this.#surroundings.nowMs + overlapMs;
    this.#changeDueMs =
      this.#surroundings.nowMs + changeLeastMs + this.#surroundings.random() * (changeMostMs - changeLeastMs);
  }

  /** Notes that a socket is closed, or could not be opened, and plans the next. */
  lose(socket: number, reason: string): void {
    if (socket === this.old) this.old = 0;
    if (socket !== this.opening && socket !== this.current) return;
    if (socket === this.opening) this.opening = 0;
    else {
      if (this.#surroundings.nowMs - this.openedMs >= this.#surroundings.timing.backoffMostMs) this.#failures = 0;
      this.current = 0;
    }
    if (!this.current) this.#reason = reason;
    this.#connectDueMs = this.#changeDueMs = this.#surroundings.nowMs + this.backOff(this.#failures++);
  }

  /** Has a waiting client try at once, or nearly: many may have come back together. Says whether one is open. */
  wake(): boolean {
    this.#failures = 0;
    this.#connectDueMs = Math.min(this.#connectDueMs, this.#surroundings.nowMs + this.backOff(0));
    return this.current !== 0;
  }

  noteSent(): void {
    this.#sentMs = this.#surroundings.nowMs;
  }

  noteReceived(): void {
    this.#receivedMs = this.#surroundings.nowMs;
    this.#pongDueMs = Infinity;
  }

  /** Notes that a ping was sent: anything that comes is as good as its pong. */
  notePing(): void {
    this.noteSent();
    this.#pongDueMs = Math.min(this.#pongDueMs, this.#surroundings.nowMs + this.#surroundings.timing.replyMs);
  }

  /** Says whether the current socket was idle for long. */
  shouldPing(): boolean {
    return this.#sentMs + this.#surroundings.timing.pingMs <= this.#surroundings.nowMs;
  }

  /** Says whether nothing has come since a frame was sent. */
  wasSilentSince(sentMs: number): boolean {
    return this.#receivedMs < sentMs;
  }

  /** Tells the socket that did not open, did not answer a ping or was not done without in time; 0 for none. */
  findDead(): number {
    const { nowMs } = this.#surroundings;
    if (this.opening && this.#openDueMs <= nowMs) return this.opening;
    if (this.old && this.#overlapEndMs <= nowMs) return this.old;
    return this.#pongDueMs <= nowMs ? this.current : 0;
  }

  /** Gives up the current socket: the server does not know it any more. */
  expire(): void {
    this.#pongDueMs = -Infinity;
  }

  /** Draws a wait in milliseconds, between nothing and a bound that doubles with each failure. */
  backOff(failures: number): number {
    const { backoffMs, backoffMostMs } = this.#surroundings.timing;
    return this.#surroundings.random() * Math.min(backoffMostMs, backoffMs * 2 ** Math.min(failures, 16));
  }

  /** Says when to look at the connection next; infinity for never. */
  deadline(mayChange: boolean): number {
    if (this.isStopped) return Infinity;
    const pingMs = this.current ? Math.min(this.#sentMs + this.#surroundings.timing.pingMs, this.#pongDueMs) : Infinity;
    const openMs = this.opening ? this.#openDueMs : this.#nextOpenMs(mayChange);
    return Math.min(pingMs, openMs, this.old ? this.#overlapEndMs : Infinity);
  }

  show(): Omit<ConnectionSnapshot, "user"> {
    const isOpen = this.current || this.opening;
    const isRefused = this.isStopped && this.#reason !== null;
    const state = this.current ? "online" : isOpen ? "connecting" : isRefused ? "refused" : "offline";
    return { state, reason: this.#reason, retryAtMs: isOpen || this.isStopped ? null : this.#connectDueMs };
  }

  #nextOpenMs(mayChange: boolean): number {
    if (this.opening || this.old) return Infinity;
    if (!this.current) return this.#connectDueMs;
    return mayChange ? this.#changeDueMs : Infinity;
  }
}
