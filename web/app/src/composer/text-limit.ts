/** The most that a message may hold by default (docs/protocol.md, "Limits"). */
export const MAX_TEXT_BYTES = 8192;

/** How many bytes a text takes: as the JSON string that carries it, in UTF-8, without its quotes. */
export function measureText(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text)).length - 2;
}
