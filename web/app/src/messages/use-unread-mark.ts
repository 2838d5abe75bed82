import type { RoomSnapshot } from "@chat-stack/sdk";
import { useRef } from "preact/hooks";

/**
 * Where the unread marker stands: after what was read when the room was opened. It stays there while the room is open, so that
 * it can be looked back at; null where everything was read.
 */
export function useUnreadMark({ read, head, state }: RoomSnapshot): number | null {
  const mark = useRef<number | null | undefined>(undefined);
  if (mark.current === undefined && state === "joined" && read !== null) mark.current = read < head ? read : null;
  return mark.current ?? null;
}
