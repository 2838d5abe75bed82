import type { ChatMessage, RoomSnapshot } from "@chat-stack/sdk";
import { useEffect, useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";

const NONE: readonly ChatMessage[] = [];

/** A room's messages; until the chat has told them, those of the last visit. */
export function useSavedMessages(name: string, { messages, state }: RoomSnapshot): readonly ChatMessage[] {
  const { saved } = useChat();
  const [savedMessages, setSaved] = useState(NONE);
  useEffect(() => {
    let isOver = false;
    void saved.readMessages(name).then((read) => !isOver && setSaved(read));
    return () => {
      isOver = true;
    };
  }, [saved, name]);
  const isTold = messages.length > 0 || state === "joined" || state === "removed";
  return isTold ? messages : savedMessages;
}
