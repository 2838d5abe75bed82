import type { ChatEvent, Member } from "@chat-stack/sdk";

type PresenceEvent = Extract<ChatEvent, { type: "presence" }>;

/** The members with a page of more; somebody who has come meanwhile may stand in both. */
export function addPage(members: readonly Member[], page: readonly Member[]): readonly Member[] {
  const known = new Set(members.map(({ user }) => user));
  return [...members, ...page.filter(({ user }) => !known.has(user))];
}

/** The members after one has come or gone. */
export function applyPresence(members: readonly Member[], { user, name, state }: PresenceEvent): readonly Member[] {
  const others = members.filter((member) => member.user !== user);
  return state === "joined" ? [...others, { user, name }] : others;
}
