import { isShutOut } from "../errors.ts";
import type { EntryPush } from "../events.ts";
import type { Entry, EntryAckReply, HistoryReply, JoinedReply, SyncedReply } from "../frames.ts";
import type { Exchange } from "./exchange.ts";
import type { LogPage, Position, Shown } from "./log.ts";
import type { Fields, Request, Write } from "./request.ts";
import type { RoomState } from "./room.ts";
import type { Rooms } from "./rooms.ts";

/** How many rooms the server takes in one `sync`; there may be more where many are direct. */
const SYNC_MOST = 100;

/**
 * Reads the logs of the rooms: what is pushed, what was missed, what is older.
 *
 * Source: docs/protocol.md, "Staying complete".
 */
export class Reader {
  /** When to ask whether a quiet room hides something; infinity while this connection is in none. */
  syncDueMs = Infinity;
  readonly #exchange: Exchange;
  readonly #rooms: Rooms;

  constructor(exchange: Exchange, rooms: Rooms) {
    this.#exchange = exchange;
    this.#rooms = rooms;
  }

  takeJoined(request: Request, frame: JoinedReply): void {
    const { nowMs, timing, random } = this.#exchange.surroundings;
    const { head, members: memberCount, access, private: isPrivate } = frame;
    const room = this.#rooms.get(frame.room);
    room.isIn = true;
    Object.assign(room.facts, { memberCount, access, isPrivate });
    this.syncDueMs = Math.min(this.syncDueMs, nowMs + timing.syncFirstMs * (1 + random()));
    this.#exchange.tell(frame);
    this.#takePage(room, frame, request.fields);
    room.noteHead(head);
    this.#rooms.list(room.name);
    this.#exchange.settle(request, frame);
  }

  /** Takes what catching up has brought. */
  takeCatchUp(request: Request, frame: HistoryReply): void {
    this.#exchange.settle(request, frame);
    const room = this.#rooms.find(request.room);
    if (room) this.#takePage(room, frame, request.fields);
  }

  /** Takes the older messages that the user asked for. */
  takeOlder(request: Request, frame: HistoryReply): void {
    const room = this.#rooms.get(frame.room);
    const { timeline, log } = room;
    if (request.fields.before === timeline.first && frame.epoch === log.position?.epoch) {
      this.#settle(room, frame.entries);
      timeline.prepend(frame.entries, frame.more);
      this.#rooms.touch(room);
    }
    this.#exchange.settle(request, frame);
  }

  /** Takes what a `sync` has brought; enters again the rooms that the server does not see this connection in. */
  takeSynced(request: Request, frame: SyncedReply): void {
    const asked = request.fields.rooms as Record<string, Partial<Position>>;
    this.#exchange.settle(request, frame);
    for (const [name, page] of Object.entries(frame.rooms)) {
      const room = this.#rooms.find(name);
      if (!room?.isReady) continue;
      if (!("error" in page)) this.#takePage(room, page, asked[name]);
      else this.takeRefusal(room, page.error.code);
    }
  }

  /** Takes an answer that says that the connection is not in a room, or that the user may not be there. */
  takeRefusal(room: RoomState, code: string): void {
    if (code === "room.not_joined") {
      room.lose();
      this.#rooms.join(room);
    } else if (isShutOut(code)) this.#rooms.remove(room, code);
  }

  /** Takes a pushed entry; the first of a direct room is where this client begins in it. */
  takePush(entry: EntryPush): void {
    let room = this.#rooms.find(entry.room);
    if (!room && entry.room.startsWith("dm:")) {
      room = this.#rooms.get(entry.room);
      room.begin(entry.seq - 1, entry.epoch);
      this.#rooms.enter(room);
    }
    if (!room) return;
    this.#settle(room, [entry]);
    this.#show(room, room.log.takeEntry(entry));
  }

  /** Puts an entry of this client's into its place in the log: no push brings it. */
  takeAck(write: Write, { seq, at, epoch }: EntryAckReply): void {
    const room = this.#rooms.get(write.room ?? "");
    this.#rooms.outbox.finish(write, seq);
    if (room.isWanted && this.#rooms.user) {
      const { user: from, name } = this.#rooms.user;
      const common = { epoch, id: write.id, from, name, at, room: room.name };
      this.#show(room, room.log.takeEntry({ ...describe(write), ...common, seq } as EntryPush));
    }
  }

  /** Asks for what has been missing too long, and whether a quiet room hides something. */
  tick(): void {
    for (const room of this.#gaps()) if (room.log.gapDueMs <= this.#exchange.surroundings.nowMs) this.#catchUp(room);
    if (this.syncDueMs <= this.#exchange.surroundings.nowMs) this.#sync();
  }

  deadline(): number {
    return Math.min(this.syncDueMs, ...this.#gaps().map((room) => room.log.gapDueMs));
  }

  /** Lists the rooms where something is missing that has not been asked for. */
  #gaps(): RoomState[] {
    return this.#rooms.wanted.filter((room) => room.isReady && room.log.gapDueMs < Infinity && !this.#isAsked(room));
  }

  #isAsked(room: RoomState): boolean {
    return this.#exchange.select(room.name, "history").some(({ isOwn }) => isOwn);
  }

  /** Asks for what comes after the position, unless that is asked already. */
  #catchUp(room: RoomState): void {
    room.log.noteAsked();
    if (!this.#isAsked(room)) this.#exchange.make("history", { room: room.name, ...room.log.position }, true);
  }

  #sync(): void {
    const { nowMs, timing, random } = this.#exchange.surroundings;
    this.syncDueMs = nowMs + timing.syncLeastMs + random() * (timing.syncMostMs - timing.syncLeastMs);
    if (this.#exchange.select(null, "sync").length) return;
    const ready = this.#rooms.wanted.filter((room) => room.isReady);
    for (let start = 0; start < ready.length; start += SYNC_MOST) {
      const positions = ready.slice(start, start + SYNC_MOST).map(({ name, log }) => [name, log.position]);
      this.#exchange.make("sync", { rooms: Object.fromEntries(positions) }, true);
    }
  }

  /** Takes a page that was asked for with a position, or, without `after`, the newest one. */
  #takePage(room: RoomState, page: LogPage, asked: Partial<Position> = {}): void {
    const { log, timeline } = room;
    const before = log.position;
    this.#settle(room, page.entries);
    const shown = log.takePage(page, asked);
    if (!before || shown.isReset) timeline.begin(page.entries[0]?.seq ?? 1, page.more);
    if (shown.isReset) {
      room.head = 0;
      room.read = null;
      this.#rooms.outbox.prune(room.name, Infinity);
      this.#exchange.tell({ type: "reset", room: room.name });
    }
    if (shown.isTruncated) {
      room.facts.truncatedAfter = before?.after ?? 0;
      this.#exchange.tell({ type: "truncated", room: room.name });
    }
    this.#show(room, shown);
    // After a first page, or one that starts over, `more` means older entries.
    if (page.more && asked.after !== undefined && !page.reset) this.#catchUp(room);
    else room.isReady = room.isIn;
  }

  #show(room: RoomState, shown: Shown): void {
    room.timeline.append(shown);
    for (const entry of [...shown.page, ...shown.pushed]) {
      room.noteHead(entry.seq);
      room.typing.delete(entry.from);
      this.#exchange.tell(entry);
    }
    this.#rooms.outbox.prune(room.name, room.log.position?.after ?? 0);
    this.#rooms.touch(room, true);
  }

  /** Counts this user's writes that are found in the log as acked. */
  #settle(room: RoomState, entries: readonly Entry[]): void {
    const { outbox, user } = this.#rooms;
    for (const { id, from, seq } of entries) {
      const write = from === user?.user ? outbox.get(id) : undefined;
      if (write?.room === room.name && write.seq === null) outbox.finish(write, seq);
    }
  }
}

const ENTRY_TYPES = { send: "message", edit: "edited", delete: "deleted", react: "reacted" } as const;

/** Says what a write says about its entry. */
function describe({ action, fields }: Write): Fields {
  const { after: _, seq, ...said } = fields;
  return { type: ENTRY_TYPES[action], ...said, ...(action === "send" ? {} : { target: seq }) };
}
