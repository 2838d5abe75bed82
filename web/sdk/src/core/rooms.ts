import { RequestError } from "../errors.ts";
import type { ListedRoom, Member } from "../frames.ts";
import type { RoomListSnapshot, RoomSnapshot } from "../snapshots.ts";
import { LIST } from "./effect.ts";
import type { Exchange } from "./exchange.ts";
import { Outbox } from "./outbox.ts";
import { isWrite, needsJoin, type Request, type Write } from "./request.ts";
import { nameDirectRoom, RoomState } from "./room.ts";

/** The rooms that this user wants to be in: entering them, leaving them, and sending what waited for them. */
export class Rooms {
  /** Who connected last; their own entries are recognised by it. */
  user: Member | null = null;
  /** Where the next page of the list starts; null after the last one. */
  next: string | null = null;
  readonly outbox: Outbox;
  readonly #exchange: Exchange;
  readonly #byName = new Map<string, RoomState>();
  #listed: string[] = [];

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.outbox = new Outbox(exchange);
  }

  get(name: string): RoomState {
    const room = this.#byName.get(name) ?? new RoomState(name, this.#exchange.surroundings);
    this.#byName.set(name, room);
    return room;
  }

  /** Finds a room that the user wants to be in. */
  find(name: string | null): RoomState | undefined {
    const room = this.#byName.get(name ?? "");
    return room?.isWanted ? room : undefined;
  }

  get wanted(): RoomState[] {
    return [...this.#byName.values()].filter((room) => room.isWanted);
  }

  /** Whether this connection is in every room that it should be in, and has caught up. */
  get areReady(): boolean {
    return this.wanted.every((room) => room.isReady);
  }

  /** Wants to be in a room, and enters it where there is a connection. */
  enter(room: RoomState): Request {
    room.isWanted = true;
    room.facts.reason = null;
    this.touch(room);
    return this.join(room);
  }

  /** Enters a room from where it was shown. */
  join({ name, log }: RoomState): Request {
    const request = this.#exchange.select(name, "join")[0] ?? this.#exchange.make("join", { room: name });
    if (!request.attempts) request.fields = { room: name, ...log.position };
    return request;
  }

  /** Enters every room, on a new connection. */
  joinAll(): void {
    for (const room of this.wanted) {
      room.lose();
      this.join(room);
    }
  }

  /** Has a write kept, and sent as soon as it is its turn; one to a user as soon as it is known who this user is. */
  post(write: Write): string {
    const { to, ...fields } = write.fields;
    if (to && this.user) {
      write.room = nameDirectRoom(this.user.user, String(to));
      write.fields = { ...fields, room: write.room };
    }
    if (write.room !== null) {
      const room = this.get(write.room);
      if (!room.isWanted) this.enter(room);
      this.tick();
    }
    if (!write.saving) this.#exchange.save(write);
    return write.id;
  }

  /** Sends a failed write again. */
  retry(id: string): void {
    const write = this.outbox.retry(id);
    if (write) this.post(write);
  }

  /** Wants to be in a room no longer: what was asked there fails with an error. */
  drop(room: RoomState, error: RequestError): void {
    room.isWanted = false;
    room.lose();
    for (const request of this.#exchange.select(room.name)) {
      if (needsJoin(request) || request.action === "join") this.#exchange.fail(request, error);
    }
    this.#listed = this.#listed.filter((name) => name !== room.name);
    this.touch(room, true);
  }

  /** Notes that this connection was put out of a room, or not let in, and may not come back by itself. */
  remove(room: RoomState, reason: string): void {
    const { name } = room;
    this.drop(room, new RequestError("client.removed", `out of ${name}: ${reason}`));
    room.facts.reason = reason;
    this.#exchange.tell({ type: "removed", room: name, reason });
  }

  /** Finds the write that is the next in each room. */
  tick(): void {
    for (const room of this.wanted) {
      const write = room.isReady ? this.outbox.unanswered(room.name)[0] : undefined;
      room.next = write;
      if (!write || write.fields.after !== undefined) continue;
      // Kept before it is sent: after a reload the same position goes with the same id, and it is stored once.
      write.fields = { ...write.fields, after: room.log.position?.after ?? 0 };
      this.#exchange.save(write);
    }
  }

  /** Whether a request can be sent: what comes before it is answered, and the connection is where it needs it to be. */
  readonly isTurn = (request: Request): boolean => {
    const { room: name, action, isOwn } = request;
    if (action === "join") {
      return !this.#exchange.select(name).some((other) => other.action === "leave" || other.action === "create");
    }
    if (!needsJoin(request)) return true;
    const room = this.find(name);
    if (isWrite(request)) return room?.next === request && !request.saving;
    return room !== undefined && (room.isReady || (isOwn && room.isIn));
  };

  /**
   * Notes how far the user has read a room, and tells it a short while later, with what is read by then.
   *
   * @param seq all that is shown where it is left out.
   */
  markRead(name: string, seq?: number): void {
    const room = this.get(name);
    seq ??= room.log.position?.after ?? 0;
    if (!room.isWanted || seq <= (room.read ?? 0)) return;
    room.noteRead(seq);
    this.touch(room, true);
    const { nowMs, timing } = this.#exchange.surroundings;
    const waiting = this.#exchange.select(name, "read").find(({ attempts }) => attempts === 0);
    if (waiting) waiting.fields.seq = seq;
    else {
      this.#exchange.make("read", { room: name, seq }).dueMs = nowMs + timing.readMs;
    }
  }

  /** Says that this user is typing, unless that was said a short while ago or nobody can hear it. */
  signalTyping(name: string): void {
    const room = this.get(name);
    const { nowMs, timing } = this.#exchange.surroundings;
    if (!room.isReady || room.typingDueMs > nowMs) return;
    room.typingDueMs = nowMs + timing.typingMs;
    this.#exchange.signal({ action: "typing", room: name });
  }

  /** Notes that a room's snapshot has changed, and where it says so the list's. */
  touch(room: RoomState, isListed = false): void {
    this.#exchange.change(room.name);
    if (isListed) this.#exchange.change(LIST);
  }

  /** Puts a room at the top of the list, unless it stands there already. */
  list(name: string): void {
    if (!this.#listed.includes(name)) this.#listed.unshift(name);
    this.touch(this.get(name), true);
  }

  /** Takes a page of the list; the first one begins it again. */
  takeList(page: readonly ListedRoom[], next: string | null, isFirst: boolean): void {
    // The page may be of before the user left.
    const listed = page.filter(({ room }) => !this.#exchange.select(room, "leave").length);
    for (const { room: name, head, read } of listed) {
      const room = this.get(name);
      room.noteHead(head);
      room.noteRead(read);
      this.touch(room, true);
    }
    this.#listed = [...new Set([...(isFirst ? [] : this.#listed), ...listed.map(({ room }) => room)])];
    this.next = next;
  }

  show(name: string): RoomSnapshot {
    return this.get(name).show(this.outbox.list(name));
  }

  showList(): RoomListSnapshot {
    return { rooms: this.#listed.map((name) => this.get(name).summarise()), hasMore: this.next !== null };
  }
}
