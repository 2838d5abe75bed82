/** The client of Chat Stack. Source of the protocol: docs/protocol.md. */

export { ChatClient, type ChatClientOptions, type RoomList } from "./client.ts";
export type { OutboxRecord } from "./core/request.ts";
export { nameDirectRoom } from "./core/room.ts";
export type { Environment, Socket } from "./environment.ts";
export { RequestError, SignInRefusedError } from "./errors.ts";
export type { ChatEvent, EntryPush } from "./events.ts";
export type * from "./frames.ts";
export type { Room } from "./room.ts";
export { type Admission, type Fetch, guestSignIn, type SignIn, tokenSignIn } from "./sign-in.ts";
export type {
  ChatMessage,
  ConnectionSnapshot,
  MembersPage,
  Meta,
  PendingWrite,
  RoomListSnapshot,
  RoomSnapshot,
  RoomSummary,
} from "./snapshots.ts";
export { indexedDbStorage, type OutboxStorage } from "./storage.ts";
export type { Store } from "./store.ts";
export type { Timing } from "./timing.ts";
