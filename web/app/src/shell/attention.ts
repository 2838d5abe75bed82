import type { ChatEvent } from "@chat-stack/sdk";
import { useEffect } from "preact/hooks";
import { type Chat, useChat } from "../chat/chat.ts";
import { cleanName } from "../messages/hidden-text.ts";
import { flattenMarkdown } from "../messages/markdown.ts";
import { readDirectRoom } from "../rooms/room-names.ts";
import { countUnread } from "../rooms/room-order.ts";
import { useRooms } from "../rooms/use-rooms.ts";
import { notify } from "./notifications.ts";
import { hrefOf } from "./route.ts";

const TITLE = "Chat Stack";

/** Tells of what is new: in the title, on the app's icon, and by notifications while the page is hidden. */
export function useAttention(): void {
  const chat = useChat();
  const unread = countUnread(useRooms());
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${TITLE}` : TITLE;
    // Only installed apps have an icon to set it on; others refuse.
    void navigator.setAppBadge?.(unread).catch(() => undefined);
  }, [unread]);
  useEffect(() => chat.client.onEvent((event) => tellIfHidden(chat, event)), [chat]);
  useEffect(() => {
    const follow = (event: MessageEvent<{ open?: string }>) => {
      if (event.data.open) location.hash = event.data.open;
    };
    navigator.serviceWorker?.addEventListener("message", follow);
    return () => navigator.serviceWorker?.removeEventListener("message", follow);
  }, []);
}

export function tellIfHidden({ client, me }: Pick<Chat, "client" | "me">, event: ChatEvent): void {
  if (!document.hidden || event.type !== "message" || !("text" in event) || event.from === me.user) return;
  // A room that is entered brings its newest messages, however old they are.
  if (event.seq <= (client.room(event.room).getSnapshot().read ?? 0)) return;
  const sender = cleanName(event.name) || event.from;
  const title = readDirectRoom(event.room, me.user) ? sender : `${sender} in #${event.room}`;
  void notify({ title, body: flattenMarkdown(event.text.slice(0, 300)), hash: hrefOf(event.room) });
}
