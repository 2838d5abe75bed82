import type { Member, RoomSnapshot } from "@chat-stack/sdk";
import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Avatar } from "../design/avatar.tsx";
import { IconButton } from "../design/form.tsx";
import { openMenu } from "../design/overlays.tsx";
import type { Members } from "../members/use-members.ts";
import { closeRoom } from "../shell/route.ts";
import { listRoomActions } from "./room-actions.tsx";
import { RoomBadge } from "./room-badge.tsx";
import { useRoomTitle } from "./room-title.ts";
import "./room-header.css";

interface Props {
  snapshot: RoomSnapshot;
  members: Members;
  areMembersShown: boolean;
  onToggleMembers: () => void;
}

export function RoomHeader({ snapshot, members, areMembersShown, onToggleMembers }: Props) {
  const chat = useChat();
  const { title, other } = useRoomTitle(snapshot.room);
  const room = chat.client.room(snapshot.room);
  const isIn = snapshot.state === "joined";
  return (
    <header class="room-header">
      <IconButton icon="chevronLeft" label="All conversations" class="room-back" onClick={closeRoom} />
      {other ? <Avatar user={other} name={title} /> : <RoomBadge room={snapshot.room} isPrivate={snapshot.isPrivate} />}
      <div class="room-header-text">
        <h1 class="truncate" dir="auto">
          {title}
        </h1>
        {isIn && <RoomState snapshot={snapshot} members={members.members} other={other} />}
      </div>
      {!other && (
        <IconButton
          icon="people"
          label="Members"
          isPressed={areMembersShown}
          isDisabled={!isIn}
          onClick={onToggleMembers}
        />
      )}
      <IconButton
        icon="more"
        label="Room actions"
        isDisabled={!isIn}
        onClick={(event) =>
          openMenu(event.currentTarget as Element, "Room actions", listRoomActions(room, snapshot, other !== null))
        }
      />
    </header>
  );
}

interface StateProps {
  snapshot: RoomSnapshot;
  members: readonly Member[];
  other: string | null;
}

function RoomState({ snapshot, members, other }: StateProps) {
  const { client } = useChat();
  const { state } = useStore(client.connection);
  if (state !== "online") return <p class="room-header-state">Waiting for the connection…</p>;
  if (other) {
    const isHere = members.some(({ user }) => user === other);
    return <p class={`room-header-state ${isHere ? "is-here" : ""}`}>{isHere ? "Online" : "Not here right now"}</p>;
  }
  const count = snapshot.memberCount > 100 ? "More than 100 people" : pluralize(Math.max(members.length, 1));
  return <p class="room-header-state is-here">{count} here</p>;
}

function pluralize(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}
