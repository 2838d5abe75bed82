import type { RequestError } from "../errors.ts";
import type { ClientFrame } from "../frames.ts";

export type Action = Exclude<ClientFrame["action"], "ping" | "typing">;
export type WriteAction = "send" | "edit" | "delete" | "react";
export type Fields = Record<string, unknown>;

/** A request that is not answered yet: it is sent again under its id until it is. */
export interface Request {
  readonly id: string;
  readonly action: Action;
  /** null for what is about no room, and for a message to a user until it is known who this user is. */
  room: string | null;
  /** Of its frame, beside action and id. */
  fields: Fields;
  /** Made by the session for itself, about this connection alone: forgotten with it. */
  readonly isOwn: boolean;
  /** How often it was sent over this connection. */
  attempts: number;
  sentMs: number;
  /** When to send it, or to send it again, as soon as it is its turn. */
  dueMs: number;
}

/** A request that becomes an entry of the log; it is kept over reloads. */
export interface Write extends Request {
  readonly action: WriteAction;
  /** When it was made, in milliseconds, or a little later: no other write has the same. They are sent in this order. */
  order: number;
  /** How many saves of it are under way: it is sent once it is safe. */
  saving: number;
  /** Of the entry that it has become. */
  seq: number | null;
  error: RequestError | null;
}

/** A write as storage keeps it: plain data. */
export interface OutboxRecord {
  readonly id: string;
  readonly order: number;
  readonly action: WriteAction;
  /** Of its frame: `room` or `to`, and `after` as soon as it was sent once. */
  readonly fields: Fields;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export function isWrite(request: Request): request is Write {
  return "order" in request;
}

/** Whether it is about a room that the connection must be in. */
export function needsJoin(request: Request): boolean {
  return isWrite(request) || (request.room !== null && !["join", "create", "leave"].includes(request.action));
}
