import { isShutOut, RequestError } from "../errors.ts";
import type { ErrorReply, InvitedPush, MutedPush, PresencePush, ReadPush, ServerFrame, TypingPush } from "../frames.ts";
import type { Exchange } from "./exchange.ts";
import type { Reader } from "./reader.ts";
import { isWrite, type Request } from "./request.ts";
import type { Rooms } from "./rooms.ts";

type Notice = PresencePush | TypingPush | ReadPush | InvitedPush | MutedPush;

/** Takes the server's frames: each answers a request, or is pushed. */
export class Receiver {
  readonly #exchange: Exchange;
  readonly #rooms: Rooms;
  readonly #reader: Reader;

  constructor(exchange: Exchange, rooms: Rooms, reader: Reader) {
    this.#exchange = exchange;
    this.#rooms = rooms;
    this.#reader = reader;
  }

  /**
   * Takes a text frame of the current socket, or of the one that it takes the place of. One that is not of the protocol
   * is ignored: API Gateway sends such.
   */
  receive(socket: number, text: string): void {
    const { link } = this.#exchange;
    if (!socket || (socket !== link.current && socket !== link.old)) return;
    if (socket === link.current) link.noteReceived();
    const frame = parse(text);
    const parts = frame?.type === "batch" ? [frame.events].flat() : [frame];
    for (const part of parts) if (part?.type) this.#take(socket, part);
  }

  #take(socket: number, frame: ServerFrame): void {
    switch (frame.type) {
      case "error":
        this.#takeError(socket, frame);
        break;
      case "presence":
      case "typing":
      case "read":
      case "invited":
      case "muted":
        this.#takeNotice(socket, frame);
        break;
      case "removed": {
        const room = this.#rooms.find(frame.room);
        if (room) this.#rooms.remove(room, frame.reason);
        break;
      }
      default:
        // Entries of types to come are known by what only entries have.
        if ("from" in frame && frame.epoch) this.#reader.takePush(frame);
        else if ("id" in frame) this.#takeReply(socket, frame);
    }
  }

  /** Takes an answer; one whose request has been answered before is ignored. */
  #takeReply(socket: number, frame: ServerFrame & { id?: string }): void {
    const request = this.#exchange.requests.get(frame.id ?? "");
    if (!request) return;
    switch (frame.type) {
      case "joined":
        if (socket === this.#exchange.link.current) this.#reader.takeJoined(request, frame);
        // The connection that takes this one's place is not in the room yet.
        else request.dueMs = 0;
        break;
      case "history":
        if (request.isOwn) this.#reader.takeCatchUp(request, frame);
        else this.#reader.takeOlder(request, frame);
        break;
      case "synced":
        this.#reader.takeSynced(request, frame);
        break;
      case "ack":
        if (!isWrite(request)) this.#takeDone(request, frame);
        else if ("epoch" in frame) this.#reader.takeAck(request, frame);
        break;
      case "rooms":
        this.#rooms.takeList(frame.rooms, frame.next, request.fields.next === undefined);
        this.#exchange.settle(request, frame);
        break;
      case "left":
      case "members":
        this.#exchange.settle(request, frame);
    }
  }

  /** Who has created a room owns it. */
  #takeDone(request: Request, frame: ServerFrame): void {
    if (request.action === "create") {
      const room = this.#rooms.get(request.room ?? "");
      Object.assign(room.facts, { access: "moderate", isPrivate: request.fields.private });
      this.#rooms.touch(room);
    }
    this.#exchange.settle(request, frame);
  }

  #takeError(socket: number, frame: ErrorReply): void {
    const { code, message, retryable, retry_after_ms: retryAfterMs } = frame;
    const request = this.#exchange.requests.get(frame.id ?? "");
    if (code === "connection.expired") {
      if (socket === this.#exchange.link.current) this.#exchange.link.expire();
      return;
    }
    if (!request) return;
    const room = this.#rooms.find(request.room);
    const error = new RequestError(code, message, retryable, retryAfterMs ?? null);
    const { nowMs } = this.#exchange.surroundings;
    if (room && code === "room.muted") room.facts.mutedUntilMs = nowMs + (retryAfterMs ?? 0);
    if (retryable) this.#exchange.postpone(request, retryAfterMs ?? 0);
    else if (room && code === "room.not_joined") {
      this.#exchange.postpone(request, 0);
      this.#reader.takeRefusal(room, code);
    } else {
      this.#exchange.fail(request, error);
      // An order may be refused to somebody who may well be in the room.
      const isOut = isShutOut(code) && (request.isOwn || code !== "room.not_allowed");
      if (room && (isOut || request.action === "join")) this.#rooms.remove(room, code);
    }
  }

  /** Takes what concerns no log. While two sockets are open, both bring it. */
  #takeNotice(socket: number, frame: Notice): void {
    const { nowMs, timing } = this.#exchange.surroundings;
    const room = this.#rooms.get(frame.room);
    const isPersonal = frame.type === "invited" || frame.type === "muted";
    if (socket !== this.#exchange.link.current && (isPersonal || room.isIn)) return;
    switch (frame.type) {
      case "presence":
        room.facts.memberCount += frame.state === "joined" ? 1 : -1;
        break;
      case "typing":
        room.typing.set(frame.user, { name: frame.name, untilMs: nowMs + timing.typingShownMs });
        break;
      case "read":
        if (frame.user === this.#rooms.user?.user) room.noteRead(frame.seq);
        else room.noteReadBy(frame.user, frame.seq);
        break;
      case "invited":
        this.#rooms.list(frame.room);
        break;
      case "muted":
        room.facts.mutedUntilMs = frame.seconds ? nowMs + frame.seconds * 1000 : null;
    }
    this.#rooms.touch(room, frame.type === "read");
    this.#exchange.tell(frame);
  }
}

/** Reads a frame; null for what is none. */
function parse(text: string): ServerFrame | null {
  try {
    return JSON.parse(text) as ServerFrame | null;
  } catch {
    return null;
  }
}
