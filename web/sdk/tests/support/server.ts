import type { Entry, ErrorCode, ServerFrame } from "../../src/index.ts";
import { checkFrame } from "./contract.ts";
import { FakeSocket } from "./socket.ts";

// biome-ignore lint/suspicious/noExplicitAny: a client's frame is what a client says.
export type Said = Record<string, any>;

interface Log {
  epoch: string;
  entries: Entry[];
}

const PAGE = 100;
const WRITES: Record<string, Entry["type"]> = { send: "message", edit: "edited", delete: "deleted", react: "reacted" };

/** A chat server for one user, `ada`, as far as a client can tell; each frame is checked against docs/asyncapi.yaml. */
export class FakeServer {
  readonly sockets: FakeSocket[] = [];
  readonly logs = new Map<string, Log>();
  /** Frames of the client that this says true to are answered by nobody. */
  ignores: (said: Said, socket: FakeSocket) => boolean = () => false;
  /** Answers of the server that this says true to are lost. */
  loses: (frame: ServerFrame) => boolean = () => false;
  /** Sockets are opened at once. */
  opens = true;
  tickets = 0;

  /** Signs in, and makes the sockets. */
  readonly signIn = async () => ({ url: `wss://chat?ticket=${++this.tickets}`, user: "ada", name: "Ada" });

  get WebSocket(): new (
    url: string,
  ) => FakeSocket {
    const server = this;
    return class extends FakeSocket {
      constructor(url: string) {
        super(url, (text, socket) => server.#take(JSON.parse(text) as Said, socket));
        server.sockets.push(this);
        if (server.opens) queueMicrotask(() => this.open());
      }
    };
  }

  /** The connection made last. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("nobody has connected");
    return socket;
  }

  /** Everything that was said, on all connections. */
  said(action: string): Said[] {
    return this.sockets.flatMap((socket) => socket.said).filter((said) => said.action === action);
  }

  log(room: string): Log {
    const log = this.logs.get(room) ?? { epoch: "e1", entries: [] };
    this.logs.set(room, log);
    return log;
  }

  /** Stores an entry of another user's, without telling anybody. */
  store(room: string, fields: Partial<Entry> & { text?: string } = {}): Entry {
    const { entries } = this.log(room);
    const seq = (entries.at(-1)?.seq ?? 0) + 1;
    const common = { seq, id: `b${seq}`, from: "bob", name: "Bob", at: 1_767_225_600_000 + seq };
    const text = { type: "message" as const, text: `text ${seq}` };
    const entry = { ...(fields.type && fields.type !== "message" ? {} : text), ...common, ...fields } as Entry;
    entries.push(entry);
    return entry;
  }

  /** Stores an entry of another user's and pushes it to whoever is in the room. */
  say(room: string, fields: Partial<Entry> & { text?: string } = {}): Entry {
    const entry = this.store(room, fields);
    this.push(room, entry);
    return entry;
  }

  push(room: string, entry: Entry): void {
    const frame = { ...entry, room, epoch: this.log(room).epoch } as ServerFrame;
    for (const socket of this.sockets) if (socket.rooms.has(room) || room.startsWith("dm:")) this.tell(frame, socket);
  }

  /** Sends a frame to the newest connection, or to another. */
  tell(frame: ServerFrame, socket = this.socket): void {
    checkFrame("server", frame as unknown as Record<string, unknown>);
    if (!this.loses(frame)) socket.receive(JSON.stringify(frame));
  }

  refuse(said: Said, code: ErrorCode, more: { retryable?: boolean; retry_after_ms?: number } = {}): void {
    this.tell({ type: "error", id: said.id, code, message: `${code}!`, retryable: false, ...more });
  }

  #take(said: Said, socket: FakeSocket): void {
    checkFrame("client", said);
    if (this.ignores(said, socket)) return;
    // As in life, an answer comes after the call that asked for it.
    queueMicrotask(() => {
      for (const frame of this.#answer(said, socket)) this.tell(frame, socket);
    });
  }

  #answer(said: Said, socket: FakeSocket): ServerFrame[] {
    const { id, room } = said;
    switch (said.action) {
      case "ping":
        return [{ type: "pong" }];
      case "join": {
        socket.rooms.add(room);
        const head = this.log(room).entries.at(-1)?.seq ?? 0;
        const about = { head, members: 2, access: "write" as const, private: false };
        return [{ type: "joined", id, room, ...about, ...this.#page(room, said) }];
      }
      case "leave":
        socket.rooms.delete(room);
        return [{ type: "left", id, room }];
      case "history":
        return [{ type: "history", id, room, ...this.#page(room, said) }];
      case "sync":
        return [{ type: "synced", id, rooms: this.#sync(said.rooms, socket) }];
      case "members":
        return [{ type: "members", id, room, members: [{ user: "ada", name: "Ada" }], next: null }];
      case "rooms":
        return [{ type: "rooms", id, rooms: this.#list(), next: null }];
      case "read":
        return [{ type: "ack", id, room, seq: said.seq }];
      case "typing":
        return [];
      case "create":
        return [{ type: "ack", id, room }];
      default:
        return WRITES[said.action]
          ? [this.#write(said, socket)]
          : [{ type: "ack", id, ...(room && { room }), user: said.user }];
    }
  }

  /** Exactly once: another attempt has the same id, and its entry stands after the same position. */
  #write(said: Said, socket: FakeSocket): ServerFrame {
    const { id, room, seq: target, text, meta, emoji, remove, after } = said;
    const log = this.log(room);
    let entry = log.entries.find((entry) => entry.seq >= after && entry.from === "ada" && entry.id === id);
    if (!entry) {
      const seen = JSON.parse(JSON.stringify({ target, text, meta, emoji, remove })) as object;
      entry = this.store(room, { ...seen, type: WRITES[said.action], id, from: "ada", name: "Ada" } as Partial<Entry>);
      for (const other of this.sockets) {
        const push = { ...entry, room, epoch: log.epoch } as ServerFrame;
        if (other !== socket && other.rooms.has(room)) this.tell(push, other);
      }
    }
    return { type: "ack", id, room, epoch: log.epoch, seq: entry.seq, at: entry.at };
  }

  #page(room: string, { after, before, epoch, limit }: Said) {
    const log = this.log(room);
    const reset = Boolean(epoch && epoch !== log.epoch);
    const isForward = typeof after === "number" && !reset;
    const found = log.entries.filter(({ seq }) => (isForward ? seq > after : seq < (before ?? Infinity)));
    const most = limit ?? PAGE;
    const entries = isForward ? found.slice(0, most) : found.slice(-most);
    const truncated = isForward && (log.entries[0]?.seq ?? 1) > after + 1;
    return { epoch: log.entries.length ? log.epoch : null, entries, more: found.length > most, reset, truncated };
  }

  #sync(rooms: Record<string, Said>, socket: FakeSocket) {
    const pages = Object.entries(rooms).map(([room, position]) => {
      const error = { code: "room.not_joined" as const, message: "join it first", retryable: false };
      const head = this.log(room).entries.at(-1)?.seq ?? 0;
      return [room, socket.rooms.has(room) ? { head, ...this.#page(room, position) } : { error }] as const;
    });
    return Object.fromEntries(pages);
  }

  #list() {
    return [...this.logs].map(([room, { entries }]) => {
      const head = entries.at(-1)?.seq ?? 0;
      return { room, head, read: 0, unread: head };
    });
  }
}
