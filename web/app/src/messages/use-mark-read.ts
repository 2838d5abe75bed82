import type { RoomSnapshot } from "@chat-stack/sdk";
import { useEffect, useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import type { Row } from "./rows.ts";

/** Says that messages were read: those at the end of the list, while it is looked at. */
export function useMarkRead(
  rows: readonly Row[],
  { room: name, state, read, unread }: RoomSnapshot,
  isAtEnd: boolean,
): void {
  const { client } = useChat();
  const isLookedAt = useIsLookedAt();
  const isSeen = isLookedAt && isAtEnd && state === "joined" && rows.length > 0;
  useEffect(() => {
    if (isSeen && (read === null || unread > 0)) client.room(name).markRead();
  }, [client, name, isSeen, read, unread, rows]);
}

function useIsLookedAt(): boolean {
  const look = () => !document.hidden && document.hasFocus();
  const [isLookedAt, setLookedAt] = useState(look);
  useEffect(() => {
    const update = () => setLookedAt(look());
    document.addEventListener("visibilitychange", update);
    addEventListener("focus", update);
    addEventListener("blur", update);
    return () => {
      document.removeEventListener("visibilitychange", update);
      removeEventListener("focus", update);
      removeEventListener("blur", update);
    };
  }, []);
  return isLookedAt;
}
