import type { ChatEvent, Member } from "@chat-stack/sdk";

type PresenceEvent = Extract<ChatEvent, { type: "presence" }>;

/** The members after one has come or gone. */
export function applyPresence(members: readonly Member[], { user, name, state }: PresenceEvent): readonly Member[] {
  const others = members.filter((member) => member.user !== user);
  return state === "joined" ? [...others, { user, name }] : others;
}
