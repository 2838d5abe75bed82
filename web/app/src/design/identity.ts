/** A hue for a user or a room: always the same, and far from that of most others. */
export function findHue(id: string): number {
  let hash = 0x811c9dc5;
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return ((hash >>> 0) * 137) % 360;
}

/** Up to two letters: of the first and the last word. */
export function findInitials(name: string): string {
  const words = name.split(/[\s\-_.:]+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("") || "?";
}
