// Written by scripts/frames.mjs from docs/asyncapi.yaml: change that, then run `npm run frames -w sdk`.

/** What this user may do in the room. Each includes what stands before it. */
export type Access = "read" | "write" | "moderate";

export type Message = {
  type: "message";
  room?: string;
  epoch?: string;
  seq: number;
  id: string;
  from: string;
  name: string;
  at: number;
  text: string;
  meta?: Record<string, unknown>;
  edited?: true;
  reactions?: Record<string, string[]>;
};

export type DeletedMessage = {
  type: "message";
  room?: string;
  epoch?: string;
  seq: number;
  id: string;
  from: string;
  name: string;
  at: number;
  deleted: true;
};

/** The `text` is left out where the message was edited again or deleted since. */
export type Edited = {
  type: "edited";
  room?: string;
  epoch?: string;
  seq: number;
  id: string;
  from: string;
  name: string;
  at: number;
  target: number;
  text?: string;
};

export type Deleted = {
  type: "deleted";
  room?: string;
  epoch?: string;
  seq: number;
  id: string;
  from: string;
  name: string;
  at: number;
  target: number;
};

export type Reacted = {
  type: "reacted";
  room?: string;
  epoch?: string;
  seq: number;
  id: string;
  from: string;
  name: string;
  at: number;
  target: number;
  emoji: string;
  remove: boolean;
};

/** A room in the answer to `sync`. */
export type Page = {
  epoch: string | null;
  head: number;
  entries: (Message | DeletedMessage | Edited | Deleted | Reacted)[];
  more: boolean;
  reset: boolean;
  truncated: boolean;
};

export type Member = { user: string; name: string };

export type ListedRoom = { room: string; head: number; read: number; unread: number };

/** Stands for a room that the connection is not in, or may not read any more. */
export type Refusal = { error: { code: ErrorCode; message: string; retryable: boolean } };

/** Stable. protocol.md says what each means. */
export type ErrorCode =
  | "frame.not_json"
  | "frame.not_object"
  | "frame.too_deep"
  | "frame.too_large"
  | "frame.bad_unicode"
  | "action.missing"
  | "action.unknown"
  | "field.missing"
  | "field.bad_type"
  | "field.out_of_range"
  | "room.bad_name"
  | "room.not_joined"
  | "room.too_many"
  | "room.private"
  | "room.read_only"
  | "room.not_allowed"
  | "room.banned"
  | "room.muted"
  | "room.exists"
  | "room.not_private"
  | "room.busy"
  | "entry.not_found"
  | "entry.deleted"
  | "entry.not_yours"
  | "entry.too_many_reactions"
  | "message.refused"
  | "send.after_too_old"
  | "rate.limited"
  | "user.banned"
  | "connection.expired"
  | "server.unavailable";

/** An entry of a room's log, as a page carries it. */
export type Entry = Message | DeletedMessage | Edited | Deleted | Reacted;

export type JoinRequest = {
  action: "join";
  id?: string | null;
  room: string;
  after?: number | null;
  epoch?: string | null;
};

export type LeaveRequest = { action: "leave"; id?: string | null; room: string };

export type SendRequest = {
  action: "send";
  id: string;
  room?: string | null;
  to?: string | null;
  text: string;
  meta?: Record<string, unknown> | null;
  after?: number | null;
};

export type EditRequest = {
  action: "edit";
  id: string;
  room: string;
  seq: number;
  text: string;
  after?: number | null;
};

export type DeleteRequest = { action: "delete"; id: string; room: string; seq: number; after?: number | null };

export type ReactRequest = {
  action: "react";
  id: string;
  room: string;
  seq: number;
  emoji: string;
  remove?: boolean | null;
  after?: number | null;
};

export type HistoryRequest = {
  action: "history";
  id?: string | null;
  room: string;
  after?: number | null;
  before?: number | null;
  epoch?: string | null;
  limit?: number | null;
};

export type SyncRequest = {
  action: "sync";
  id?: string | null;
  rooms: Record<string, { after: number; epoch?: string | null }>;
};

export type MembersRequest = { action: "members"; id?: string | null; room: string; next?: string | null };

export type RoomsRequest = { action: "rooms"; id?: string | null; next?: string | null };

export type ReadRequest = { action: "read"; id?: string | null; room: string; seq: number };

export type TypingRequest = { action: "typing"; id?: string | null; room: string };

export type CreateRequest = { action: "create"; id?: string | null; room: string; private?: boolean | null };

export type InviteRequest = { action: "invite"; id?: string | null; room: string; user: string };

export type RemoveRequest = { action: "remove"; id?: string | null; room: string; user: string };

export type KickRequest = { action: "kick"; id?: string | null; room: string; user: string };

export type BanRequest = { action: "ban"; id?: string | null; room?: string | null; user: string };

export type UnbanRequest = { action: "unban"; id?: string | null; room?: string | null; user: string };

export type MuteRequest = { action: "mute"; id?: string | null; room: string; user: string; seconds: number };

export type PingRequest = { action: "ping"; id?: string | null };

/** Answers `join`. */
export type JoinedReply = {
  type: "joined";
  id?: string;
  room: string;
  epoch: string | null;
  head: number;
  members: number;
  access: Access;
  private: boolean;
  entries: (Message | DeletedMessage | Edited | Deleted | Reacted)[];
  more: boolean;
  reset: boolean;
  truncated: boolean;
};

/** Answers `leave`. */
export type LeftReply = { type: "left"; id?: string; room: string };

/** Answers `send`, `edit`, `delete` and `react`: stored, ordered, and pushed to everybody present. */
export type EntryAckReply = { type: "ack"; id: string; room: string; epoch: string; seq: number; at: number };

/** Answers `read`. */
export type CursorAckReply = { type: "ack"; id?: string; room: string; seq: number };

/** Answers `create`. */
export type RoomAckReply = { type: "ack"; id?: string; room: string };

/** Answers what is done to a user in a room. */
export type RoomUserAckReply = { type: "ack"; id?: string; room: string; user: string };

/** Answers `ban` and `unban` for the whole chat. */
export type UserAckReply = { type: "ack"; id?: string; user: string };

/** Answers `history`. */
export type HistoryReply = {
  type: "history";
  id?: string;
  room: string;
  epoch: string | null;
  entries: (Message | DeletedMessage | Edited | Deleted | Reacted)[];
  more: boolean;
  reset: boolean;
  truncated: boolean;
};

/** Answers `sync`: of each room a page, or why there is none. */
export type SyncedReply = { type: "synced"; id?: string; rooms: Record<string, Page | Refusal> };

/** Answers `members`. A user stands on one page, once, however many devices they have. */
export type MembersReply = { type: "members"; id?: string; room: string; members: Member[]; next: string | null };

/** Answers `rooms`, those first in which the user joined, read or was written to directly most lately. */
export type RoomsReply = { type: "rooms"; id?: string; rooms: ListedRoom[]; next: string | null };

/** Answers `ping`. */
export type PongReply = { type: "pong" };

/** Answers a frame that could not be served, whatever it was. The socket stays open. */
export type ErrorReply = {
  type: "error";
  id?: string;
  code: ErrorCode;
  message: string;
  retryable: boolean;
  retry_after_ms?: number;
};

/** A message, as it stands now. */
export type MessagePush = (Message | DeletedMessage) & { room: string; epoch: string };

/** A message got another text. */
export type EditedPush = Edited & { room: string; epoch: string };

/** A message lost its text. */
export type DeletedPush = Deleted & { room: string; epoch: string };

/** Somebody reacted to a message, or took that back. */
export type ReactedPush = Reacted & { room: string; epoch: string };

/** Several entries of a large room, in order. */
export type BatchPush = { type: "batch"; events: (MessagePush | EditedPush | DeletedPush | ReactedPush)[] };

/** A user's first device joined, or the last one left. */
export type PresencePush = { type: "presence"; room: string; user: string; name: string; state: "joined" | "left" };

/** A user is typing. */
export type TypingPush = { type: "typing"; room: string; user: string; name: string };

/** A user has read a room up to an entry. */
export type ReadPush = { type: "read"; room: string; user: string; seq: number };

/** This user was invited to a private room, by the one who is named. */
export type InvitedPush = { type: "invited"; room: string; user: string; name: string };

/** This connection has left a room. */
export type RemovedPush = { type: "removed"; room: string; reason: "kicked" | "banned" | "removed" };

/** This user may not write to a room for some seconds; 0 ends it. */
export type MutedPush = { type: "muted"; room: string; seconds: number };

export type ClientFrame =
  | JoinRequest
  | LeaveRequest
  | SendRequest
  | EditRequest
  | DeleteRequest
  | ReactRequest
  | HistoryRequest
  | SyncRequest
  | MembersRequest
  | RoomsRequest
  | ReadRequest
  | TypingRequest
  | CreateRequest
  | InviteRequest
  | RemoveRequest
  | KickRequest
  | BanRequest
  | UnbanRequest
  | MuteRequest
  | PingRequest;

export type ServerFrame =
  | JoinedReply
  | LeftReply
  | EntryAckReply
  | CursorAckReply
  | RoomAckReply
  | RoomUserAckReply
  | UserAckReply
  | HistoryReply
  | SyncedReply
  | MembersReply
  | RoomsReply
  | PongReply
  | ErrorReply
  | MessagePush
  | EditedPush
  | DeletedPush
  | ReactedPush
  | BatchPush
  | PresencePush
  | TypingPush
  | ReadPush
  | InvitedPush
  | RemovedPush
  | MutedPush;
