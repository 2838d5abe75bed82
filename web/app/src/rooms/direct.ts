import type { Room } from "@chat-stack/sdk";
import { showFailure } from "../design/toasts.tsx";
import { openRoom } from "../shell/route.ts";

/** Enters a direct room, and shows it at once. */
export function openDirectRoom(room: Room): void {
  if (room.getSnapshot().state === "left") void room.join().catch(showFailure);
  openRoom(room.name);
}
