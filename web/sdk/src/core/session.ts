import { RequestError } from "../errors.ts";
import type { Member } from "../frames.ts";
import type { ConnectionSnapshot } from "../snapshots.ts";
import { CONNECTION, type Effect } from "./effect.ts";
import { Exchange } from "./exchange.ts";
import type { Link } from "./link.ts";
import { Reader } from "./reader.ts";
import { Receiver } from "./receiver.ts";
import { type Action, type Fields, isWrite, needsJoin, type OutboxRecord, type WriteAction } from "./request.ts";
import { Rooms } from "./rooms.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * A client's side of the protocol, without I/O, time and chance: frames, commands and the time go in, effects come out.
 *
 * After each call the caller calls `tick`, does what `takeEffects` gives, and calls `tick` again at `deadline`. The time
 * is in milliseconds and never goes back. Source: docs/protocol.md.
 */
export class Session {
  readonly #exchange: Exchange;
  readonly #link: Link;
  /** What needs no answer is asked of it, and what is shown is read from it. */
  readonly rooms: Rooms;
  readonly #reader: Reader;
  /** Takes the frames. */
  readonly receiver: Receiver;
  /** A new object after each change. */
  connection: ConnectionSnapshot = { state: "offline", reason: null, retryAtMs: null, user: null };

  constructor(surroundings: Surroundings) {
    const exchange = new Exchange(surroundings);
    this.#exchange = exchange;
    this.#link = exchange.link;
    this.rooms = new Rooms(exchange);
    this.#reader = new Reader(exchange, this.rooms);
    this.receiver = new Receiver(exchange, this.rooms, this.#reader);
  }

  // What the user asks for. Each returns the id of the request, with which its answer comes as an effect.

  /** Enters a room, and stays in it over reconnects until `leave`. */
  join(name: string, position?: { after: number; epoch?: string | null }): string {
    const room = this.rooms.get(name);
    if (position) room.begin(position.after, position.epoch ?? null);
    return room.isReady ? this.#answer() : this.rooms.enter(room).id;
  }

  /** Leaves a room; what was asked there and is not answered fails with `client.left`. */
  leave(name: string): string {
    const room = this.rooms.get(name);
    this.rooms.drop(room, new RequestError("client.left", `left ${name}`));
    room.forget();
    this.rooms.outbox.prune(name, Infinity);
    return this.ask("leave", { room: name });
  }

  /** Makes a write, with `room` or `to` in its fields, into the outbox. */
  write(action: WriteAction, fields: Fields): string {
    return this.rooms.post(this.rooms.outbox.add(action, fields));
  }

  /** Asks for anything else. */
  ask(action: Action, fields: Fields): string {
    const request = this.#exchange.make(action, fields);
    if (needsJoin(request) && !this.rooms.find(request.room)) {
      this.#exchange.fail(request, new RequestError("room.not_joined", `join ${request.room} first`));
    }
    return request.id;
  }

  /** Asks for the messages before those that are shown. */
  loadOlder(name: string, limit: number | undefined): string {
    const { timeline, log } = this.rooms.get(name);
    if (log.position && !timeline.hasOlder) return this.#answer();
    return this.ask("history", { room: name, before: timeline.first, epoch: log.position?.epoch, limit });
  }

  /** Asks for the first page of this user's rooms, or for the next one. */
  loadRooms(isMore: boolean): string {
    const next = this.rooms.next;
    if (isMore && next === null) return this.#answer();
    return this.ask("rooms", isMore ? { next } : {});
  }

  // What happens to the outbox.

  /** Takes what storage has kept, before anything is sent: the rooms that wait for it are entered again. */
  restore(records: readonly OutboxRecord[]): void {
    for (const { room } of this.rooms.outbox.restore(records)) {
      if (room !== null) this.rooms.enter(this.rooms.get(room));
    }
  }

  /** Notes that storage keeps a write, or why it does not: it is sent all the same. */
  noteSaved(id: string, reason: string | null): void {
    if (reason !== null) this.#exchange.tell({ type: "unsaved", id, reason });
    const write = this.rooms.outbox.get(id);
    if (write) write.saving--;
  }

  // What happens to the connection.

  /** Wants to be connected. */
  start(): void {
    if (this.#link.isStopped) this.#link.start();
  }

  /** Ends the connection; what is not answered fails with an error, but for writes. */
  stop(): void {
    this.#end(new RequestError("client.closed", "the client was closed"), null);
  }

  /** Notes that the server does not let this user in. */
  refuse(reason: string): void {
    this.#end(new RequestError("client.refused", reason), reason);
  }

  /** Looks at the connection now: the device may have slept, or has its network back. */
  wake(): void {
    if (this.#link.wake()) this.#exchange.ping();
  }

  /** Notes that a socket is open, for this user: enters every room, from where it was shown. */
  open(socket: number, user: Member): void {
    if (socket !== this.#link.opening) return;
    this.rooms.user = user;
    this.#link.open();
    this.#noteConnection();
    this.#reader.syncDueMs = Infinity;
    this.rooms.joinAll();
    for (const write of this.rooms.outbox.unanswered(null)) this.rooms.post(write);
  }

  /** Notes that a socket was closed, or could not be opened. */
  lose(socket: number, reason: string): void {
    const { current, old } = this.#link;
    this.#link.lose(socket, reason);
    if (socket === current) {
      if (old) this.#close(old, reason);
      this.#forgetConnection();
    }
    this.#noteConnection();
  }

  /** Does what is due: repeats requests, repairs gaps, syncs, pings, changes or gives up connections. */
  tick(): void {
    const link = this.#link;
    const { nowMs } = this.#exchange.surroundings;
    const dead = link.findDead() || (this.#needsOld() ? 0 : link.old);
    if (dead) this.#close(dead, "the server does not answer");
    if (link.current) {
      this.rooms.tick();
      this.#reader.tick();
      this.#exchange.tick(this.rooms.isTurn);
    }
    for (const room of this.rooms.wanted) {
      if (room.deadline() > nowMs) continue;
      room.expire(nowMs);
      this.rooms.touch(room);
    }
    if (link.shouldOpen(this.rooms.areReady)) {
      this.#exchange.emit({ type: "open", socket: link.begin() });
      this.#noteConnection();
    }
  }

  /** Says when `tick` is due, in milliseconds; infinity where only a frame or the user can go on. */
  deadline(): number {
    const linkMs = this.#link.deadline(this.rooms.areReady);
    const askMs = this.#link.current ? this.#exchange.deadline(this.rooms.isTurn) : Infinity;
    const shownMs = this.rooms.wanted.map((room) => room.deadline());
    return Math.min(linkMs, this.#reader.deadline(), askMs, ...shownMs);
  }

  /** Hands over what to do, in order. */
  takeEffects(): Effect[] {
    const { effects } = this.#exchange;
    this.#exchange.effects = [];
    return effects;
  }

  /** Answers what needs no asking. */
  #answer(): string {
    const id = this.#exchange.surroundings.newId();
    this.#exchange.emit({ type: "settle", id, answer: null });
    return id;
  }

  /** Whether something is still to come over the connection that is being replaced. */
  #needsOld(): boolean {
    const { openedMs } = this.#link;
    const isOpen = this.#exchange.select(null).some(({ attempts, sentMs }) => attempts && sentMs < openedMs);
    return isOpen || !this.rooms.areReady;
  }

  #close(socket: number, reason: string): void {
    this.#exchange.emit({ type: "close", socket });
    this.lose(socket, reason);
  }

  #end(error: RequestError, refusal: string | null): void {
    for (const socket of this.#link.stop(refusal)) this.#exchange.emit({ type: "close", socket });
    this.#forgetConnection();
    for (const request of this.#exchange.select(null)) if (!isWrite(request)) this.#exchange.fail(request, error);
    this.#noteConnection();
  }

  #forgetConnection(): void {
    for (const room of this.rooms.wanted) room.lose();
    this.#reader.syncDueMs = Infinity;
    this.#exchange.lose();
  }

  /** Tells what has become of the connection, where that is new. */
  #noteConnection(): void {
    const now = { ...this.#link.show(), user: this.rooms.user };
    if (JSON.stringify(now) === JSON.stringify(this.connection)) return;
    this.connection = now;
    this.#exchange.change(CONNECTION);
    this.#exchange.tell({ type: "connection", ...now });
  }
}
