import { onDevice } from "../storage.ts";

const SAVED = "chat.emoji";
const MOST_KEPT = 16;

/** The emoji this device used last, the latest first. */
export function readRecent(): readonly string[] {
  return onDevice.read(SAVED)?.split(" ").filter(Boolean) ?? [];
}

export function noteUse(emoji: string): void {
  const recent = [emoji, ...readRecent().filter((other) => other !== emoji)];
  onDevice.write(SAVED, recent.slice(0, MOST_KEPT).join(" "));
}
