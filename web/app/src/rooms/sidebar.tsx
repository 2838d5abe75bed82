import type { RoomSummary } from "@chat-stack/sdk";
import { useMemo } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Button, IconButton } from "../design/form.tsx";
import { Icon } from "../design/icon.tsx";
import { Logo } from "../design/logo.tsx";
import { openDialog } from "../design/overlays.tsx";
import { showFailure } from "../design/toasts.tsx";
import { AccountBar } from "../shell/account-bar.tsx";
import { openJumpDialog } from "./jump-dialog.tsx";
import { NewMessageDialog } from "./new-message-dialog.tsx";
import { NewRoomDialog } from "./new-room-dialog.tsx";
import { RoomItem } from "./room-item.tsx";
import { sortRooms } from "./room-order.ts";
import { useRooms } from "./use-rooms.ts";
import "./sidebar.css";

export function Sidebar({ current, onSignOut }: { current: string | null; onSignOut: () => Promise<void> }) {
  const { client, me } = useChat();
  const all = useRooms();
  const { hasMore } = useStore(client.rooms);
  const { rooms, direct } = useMemo(() => sortRooms(all, me.user), [all, me.user]);
  return (
    <aside class="sidebar" aria-label="Conversations">
      <header class="sidebar-header">
        <Logo />
      </header>
      <button type="button" class="sidebar-search" onClick={openJumpDialog}>
        <Icon name="search" size={16} />
        <span>Jump to…</span>
        <kbd>Ctrl K</kbd>
      </button>
      <nav class="sidebar-lists" aria-label="Rooms">
        <Section
          title="Rooms"
          label="New room"
          rooms={rooms}
          current={current}
          empty="No rooms yet. Join one, or make your own."
        >
          {(close) => <NewRoomDialog onClose={close} />}
        </Section>
        <Section
          title="Direct messages"
          label="New message"
          rooms={direct}
          current={current}
          empty="Nobody wrote to you yet."
        >
          {(close) => <NewMessageDialog onClose={close} />}
        </Section>
        {hasMore && (
          <Button kind="link" onClick={() => void client.rooms.loadMore().catch(showFailure)}>
            Show more
          </Button>
        )}
      </nav>
      <AccountBar onSignOut={onSignOut} />
    </aside>
  );
}

interface SectionProps {
  title: string;
  label: string;
  rooms: readonly RoomSummary[];
  current: string | null;
  empty: string;
  children: Parameters<typeof openDialog>[0];
}

function Section({ title, label, rooms, current, empty, children }: SectionProps) {
  return (
    <section>
      <header class="sidebar-section">
        <h2>{title}</h2>
        <IconButton icon="plus" size={18} label={label} onClick={() => openDialog(children)} />
      </header>
      {rooms.length === 0 && <p class="sidebar-empty">{empty}</p>}
      <ul>
        {rooms.map((room) => (
          <RoomItem key={room.room} summary={room} isCurrent={room.room === current} />
        ))}
      </ul>
    </section>
  );
}
