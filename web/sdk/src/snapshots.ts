import type { RequestError } from "./errors.ts";
import type { Access, Member } from "./frames.ts";

export type Meta = Record<string, unknown>;

export interface ConnectionSnapshot {
  /** "offline" waits for `retryAtMs`, or for `connect`; "refused" until `connect` is called again. */
  readonly state: "connecting" | "online" | "offline" | "refused";
  /** Why it is offline or refused, for people. */
  readonly reason: string | null;
  /** When the next attempt is made. */
  readonly retryAtMs: number | null;
  /** Who this user is; null before the first connection. */
  readonly user: Member | null;
}

/** A message as it stands now. */
export interface ChatMessage {
  readonly seq: number;
  readonly id: string;
  readonly from: string;
  readonly name: string;
  /** The server's time in milliseconds; for showing, never for ordering. */
  readonly at: number;
  /** null once it is deleted. */
  readonly text: string | null;
  readonly meta: Meta | null;
  readonly edited: boolean;
  readonly deleted: boolean;
  /** Ids of the users who reacted, by emoji. */
  readonly reactions: Readonly<Record<string, readonly string[]>>;
}

/** A write of this user's that does not stand among the messages yet. */
export interface PendingWrite {
  readonly id: string;
  readonly action: "send" | "edit" | "delete" | "react";
  /** "sent": acked, and shown as soon as what comes before it is here. */
  readonly state: "sending" | "sent" | "failed";
  /** Why it failed; else null. */
  readonly error: RequestError | null;
  /** Whether `retry` may help. */
  readonly canRetry: boolean;
  /** When it was made, or retried, in milliseconds. */
  readonly at: number;
  /** Of `send` and `edit`. */
  readonly text: string | null;
  readonly meta: Meta | null;
  /** Of `edit`, `delete` and `react`: the message's seq. */
  readonly target: number | null;
  /** Of `react`. */
  readonly emoji: string | null;
  readonly remove: boolean;
}

export interface RoomSummary {
  readonly room: string;
  /** Seq of the newest entry. */
  readonly head: number;
  /** How far this user has read, on any device; null where it is not known. */
  readonly read: number | null;
  /** Entries after `read`; 0 where that is not known. */
  readonly unread: number;
}

export interface RoomSnapshot extends RoomSummary {
  readonly state: "left" | "joining" | "joined" | "removed";
  /** Why it is "removed": `kicked`, `banned`, `removed`, or the code of the error that told it. */
  readonly reason: string | null;
  /** In rising order of seq, with edits, deletions and reactions applied. */
  readonly messages: readonly ChatMessage[];
  /** This user's writes that do not stand in `messages` yet, in order. */
  readonly pending: readonly PendingWrite[];
  readonly typing: readonly Member[];
  /** Connections in the room; 101 stands for "more than 100". */
  readonly memberCount: number;
  /** What this user may do here, as the last `join` told; null before that. */
  readonly access: Access | null;
  readonly isPrivate: boolean;
  /** How far others have read, by user id, where it is known. */
  readonly readBy: Readonly<Record<string, number>>;
  readonly hasOlder: boolean;
  /** Entries that follow this seq had expired before they could be shown; null where none had. */
  readonly truncatedAfter: number | null;
  /** This user may not write here before; null where they may. */
  readonly mutedUntilMs: number | null;
}

export interface RoomListSnapshot {
  readonly rooms: readonly RoomSummary[];
  readonly hasMore: boolean;
}

export interface MembersPage {
  readonly members: readonly Member[];
  readonly next: string | null;
}
