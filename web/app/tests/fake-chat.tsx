import type { ChatClient, Room, RoomSnapshot } from "@chat-stack/sdk";
import type { ComponentChildren } from "preact";
import { type Chat, ChatProvider } from "../src/chat/chat.ts";
import { Drafts } from "../src/chat/drafts.ts";
import { People } from "../src/chat/people.ts";
import { createStore } from "../src/chat/store.ts";
import { type RoomScope, RoomScopeProvider } from "../src/rooms/room-context.ts";

export const SNAPSHOT: RoomSnapshot = {
  room: "lobby",
  head: 0,
  read: 0,
  unread: 0,
  state: "joined",
  reason: null,
  messages: [],
  pending: [],
  typing: [],
  memberCount: 1,
  access: "write",
  isPrivate: false,
  readBy: {},
  hasOlder: false,
  truncatedAfter: null,
  mutedUntilMs: null,
};

/** A room that keeps what it is asked to do, as lines of `calls`. */
export function makeRoom(fields: Partial<RoomSnapshot> = {}) {
  const calls: string[] = [];
  const { getSnapshot, subscribe } = createStore<RoomSnapshot>({ ...SNAPSHOT, ...fields });
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      calls.push(`${name} ${JSON.stringify(args).slice(1, -1)}`.trim());
      return "id";
    };
  const writes = Object.fromEntries(
    ["send", "edit", "delete", "react", "retry", "discard"].map((name) => [name, note(name)]),
  );
  const room = { name: "lobby", getSnapshot, subscribe, typing: () => undefined, ...writes } as unknown as Room;
  return { room, calls };
}

interface Props {
  room: Room;
  scope?: Partial<RoomScope>;
  children: ComponentChildren;
}

/** Puts components into an open room of a user "me". */
export function InRoom({ room, scope = {}, children }: Props) {
  const chat = {
    client: { room: () => room } as unknown as ChatClient,
    me: { user: "me", name: "Me" },
    people: new People([["ada", "Ada"]]),
    drafts: new Drafts("me"),
  } as Partial<Chat> as Chat;
  const shared: RoomScope = {
    room,
    access: room.getSnapshot().access,
    setTarget: () => undefined,
    showMessage: () => undefined,
    ...scope,
  };
  return (
    <ChatProvider value={chat}>
      <RoomScopeProvider value={shared}>{children}</RoomScopeProvider>
    </ChatProvider>
  );
}
