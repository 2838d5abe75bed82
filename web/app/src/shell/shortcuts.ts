import { useEffect } from "preact/hooks";
import type { Chat } from "../chat/chat.ts";
import { openJumpDialog } from "../rooms/jump-dialog.tsx";
import { findNeighbour, sortRooms } from "../rooms/room-order.ts";
import { openRoom, route } from "./route.ts";

/** The keys that work everywhere. Those of messages and of the message field stand with them. */
export const SHORTCUTS = [
  { keys: "Ctrl K", does: "Jump to a room or a person" },
  { keys: "Alt ↑ / ↓", does: "The room before, the next room" },
  { keys: "↑", does: "In an empty message field: edit your last message" },
  { keys: "Shift Tab", does: "From the message field to the messages" },
  { keys: "↑ / ↓, Home, End", does: "Among messages: move" },
  { keys: "R", does: "On a message: reply" },
  { keys: "E", does: "On your message: edit" },
  { keys: "+", does: "On a message: react" },
  { keys: "Delete", does: "On a message: delete" },
  { keys: "Esc", does: "Close, or go back to the message field" },
] as const;

export function useShortcuts(chat: Chat): void {
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openJumpDialog();
      }
      if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        event.preventDefault();
        const sections = sortRooms(chat.client.rooms.getSnapshot().rooms, chat.me.user);
        const target = findNeighbour(sections, route.getSnapshot(), event.key === "ArrowDown" ? 1 : -1);
        if (target) openRoom(target);
      }
    };
    addEventListener("keydown", handle);
    return () => removeEventListener("keydown", handle);
  }, [chat]);
}
