import type { RequestError } from "../errors.ts";
import type { ChatEvent } from "../events.ts";
import type { ServerFrame } from "../frames.ts";
import type { OutboxRecord } from "./request.ts";

/** What the caller of a session is to do, in this order. */
export type Effect =
  /** Sign in and open a socket under this number; then call `open`, `lose` or `refuse`. */
  | { type: "open"; socket: number }
  /** Close a socket, or give up opening it; `lose` need not be called. */
  | { type: "close"; socket: number }
  | { type: "transmit"; socket: number; text: string }
  /** A request was answered, or has failed; null where it needed no answer. */
  | { type: "settle"; id: string; answer: ServerFrame | RequestError | null }
  /** Keep a write, in the place of what is kept under its id; then call `noteSaved`. */
  | { type: "save"; record: OutboxRecord }
  | { type: "erase"; id: string }
  /** A snapshot has changed: that of a room, of the list of rooms or of the connection. */
  | { type: "change"; of: Topic }
  | { type: "tell"; event: ChatEvent };

/** What a snapshot is of; null for the messages to users whose room is not known yet, which nothing shows. */
export type Topic = string | typeof LIST | typeof CONNECTION | null;

export const LIST = Symbol("list");
export const CONNECTION = Symbol("connection");
