import type { Store } from "@chat-stack/sdk";

const ROOM = "#/r/";

/** The room that the address names; null for the list of rooms. */
export const route: Store<string | null> = {
  getSnapshot: () => {
    if (!location.hash.startsWith(ROOM)) return null;
    try {
      return decodeURIComponent(location.hash.slice(ROOM.length)) || null;
    } catch {
      return null;
    }
  },
  subscribe: (listener) => {
    addEventListener("hashchange", listener);
    return () => removeEventListener("hashchange", listener);
  },
};

export function hrefOf(room: string): string {
  return ROOM + encodeURIComponent(room);
}

export function openRoom(room: string): void {
  location.hash = hrefOf(room);
}

export function closeRoom(): void {
  location.hash = "#/";
}
