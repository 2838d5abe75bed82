import type { ChatMessage } from "@chat-stack/sdk";

/**
 * Who has read up to which message, by its seq: each reader stands once, with the last message they have read.
 * Somebody has read what they wrote themselves.
 */
export function placeReceipts(
  messages: readonly ChatMessage[],
  readBy: Readonly<Record<string, number>>,
  me: string,
): ReadonlyMap<number, readonly string[]> {
  const places = new Map<number, string[]>();
  for (const [user, read] of Object.entries(readBy)) {
    if (user === me) continue;
    const last = messages.findLast((message) => message.seq <= read);
    if (last && last.from !== user) places.set(last.seq, [...(places.get(last.seq) ?? []), user]);
  }
  return places;
}
