import type { ChatMessage, Member, RoomSummary } from "@chat-stack/sdk";
import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Avatar } from "../design/avatar.tsx";
import { Boundary } from "../design/boundary.tsx";
import { formatTime, nameDay } from "../messages/dates.ts";
import { useSavedMessages } from "../offline/use-saved-messages.ts";
import { hrefOf } from "../shell/route.ts";
import { RoomBadge } from "./room-badge.tsx";
import { summarize } from "./room-preview.ts";
import { useRoomTitle } from "./room-title.ts";

export function RoomItem({ summary, isCurrent }: { summary: RoomSummary; isCurrent: boolean }) {
  const { client } = useChat();
  const { title, other } = useRoomTitle(summary.room);
  const snapshot = useStore(client.room(summary.room));
  const messages = useSavedMessages(summary.room, snapshot);
  const { typing } = snapshot;
  const last = messages.at(-1);
  const { unread } = summary;
  return (
    <li>
      <a
        class={`room-item ${unread > 0 ? "room-item-unread" : ""}`}
        href={hrefOf(summary.room)}
        aria-current={isCurrent ? "page" : undefined}
      >
        {other ? (
          <Avatar user={other} name={title} />
        ) : (
          <RoomBadge room={summary.room} isPrivate={snapshot.isPrivate} />
        )}
        <span class="room-item-title truncate">{title}</span>
        {last && <time class="room-item-time">{shorten(last.at)}</time>}
        <span class={`room-item-preview truncate ${typing.length ? "room-item-typing" : ""}`} dir="auto">
          <Boundary of={last ?? summary} fallback={null}>
            <Preview last={last} typing={typing} isDirect={other !== null} />
          </Boundary>
        </span>
        {unread > 0 && (
          <span class="room-item-count">
            {unread > 99 ? "99+" : unread}
            <span class="visually-hidden"> unread</span>
          </span>
        )}
      </a>
    </li>
  );
}

interface PreviewProps {
  last: ChatMessage | undefined;
  typing: readonly Member[];
  isDirect: boolean;
}

function Preview({ last, typing, isDirect }: PreviewProps) {
  const { people, me } = useChat();
  if (typing.length) return "typing…";
  if (last) return summarize(last, { me: me.user, isDirect, nameOf: (user) => people.name(user) });
  return isDirect ? "Direct messages" : "No messages yet";
}

function shorten(at: number): string {
  const day = nameDay(at);
  return day === "Today" ? formatTime(at) : day.replace(/^(\w{3})\w*day$/, "$1");
}
