import type { RoomSummary } from "@chat-stack/sdk";
import { useMemo } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { mergeRooms } from "./room-order.ts";

/** This user's rooms; before the chat has told them, those of the last visit. */
export function useRooms(): readonly RoomSummary[] {
  const { client, savedRooms, areRoomsTold } = useChat();
  const { rooms } = useStore(client.rooms);
  const isTold = useStore(areRoomsTold);
  return useMemo(() => mergeRooms(rooms, isTold ? [] : savedRooms), [rooms, isTold, savedRooms]);
}
