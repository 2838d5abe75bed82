import type { RequestError } from "./errors.ts";
import type {
  DeletedPush,
  EditedPush,
  InvitedPush,
  JoinedReply,
  MessagePush,
  MutedPush,
  PresencePush,
  ReactedPush,
  ReadPush,
  TypingPush,
} from "./frames.ts";
import type { ConnectionSnapshot } from "./snapshots.ts";

/** An entry of a room's log. */
export type EntryPush = MessagePush | EditedPush | DeletedPush | ReactedPush;

/** What happens, in the order in which it is to be shown, each once. */
export type ChatEvent =
  /** As on the wire; of the entries this user's own as well. */
  | EntryPush
  | PresencePush
  | TypingPush
  | ReadPush
  | InvitedPush
  | MutedPush
  | ({ type: "connection" } & ConnectionSnapshot)
  /** As on the wire; its entries follow, each once. Comes again after each reconnect. */
  | JoinedReply
  /** Out of a room that the user did not leave. */
  | { type: "removed"; room: string; reason: string }
  /** The room's log is another one than before: what was shown of it is forgotten. */
  | { type: "reset"; room: string }
  /** Messages have expired before they could be shown. */
  | { type: "truncated"; room: string }
  /** A write was refused; null for a room that is not known yet. */
  | { type: "failed"; id: string; room: string | null; error: RequestError }
  /** The storage does not take a write: it is sent, but forgotten should the page be reloaded before its ack. */
  | { type: "unsaved"; id: string; reason: string };
