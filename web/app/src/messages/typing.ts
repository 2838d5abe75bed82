import type { Member } from "@chat-stack/sdk";
import { cleanName } from "./hidden-text.ts";

export function nameTyping(typing: readonly Member[]): string {
  const names = typing.map(({ user, name }) => cleanName(name) || user);
  if (names.length === 1) return `${names[0]} is typing…`;
  if (names.length <= 3) return `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are typing…`;
  return "Several people are typing…";
}
