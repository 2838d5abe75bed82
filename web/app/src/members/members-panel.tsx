import type { Member, RoomSnapshot } from "@chat-stack/sdk";
import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Avatar } from "../design/avatar.tsx";
import { Button, IconButton } from "../design/form.tsx";
import { openMenu } from "../design/overlays.tsx";
import { cleanName } from "../messages/hidden-text.ts";
import { useRoomScope } from "../rooms/room-context.ts";
import { listMemberActions } from "./member-actions.tsx";
import type { Members } from "./use-members.ts";
import "./members-panel.css";

interface Props {
  members: Members;
  snapshot: RoomSnapshot;
  onClose: () => void;
}

export function MembersPanel({ members: { members, hasMore, loadMore }, snapshot, onClose }: Props) {
  const { client, me } = useChat();
  const isOnline = useStore(client.connection).state === "online";
  const shown = members.toSorted((one, other) => rank(one, me) - rank(other, me) || one.name.localeCompare(other.name));
  return (
    <aside class="members" aria-label="Members">
      <header class="members-header">
        <h2>Here now</h2>
        <span class="members-count">{`${members.length}${hasMore ? "+" : ""}`}</span>
        <IconButton icon="close" label="Close members" size={18} onClick={onClose} />
      </header>
      <ul class="members-list">
        {members.length === 0 && !isOnline && <li class="members-note">Known once you're back online.</li>}
        {members.length === 0 && isOnline && [0, 1, 2].map((line) => <li key={line} class="members-skeleton" />)}
        {shown.map((member) => (
          <MemberItem key={member.user} member={member} snapshot={snapshot} />
        ))}
      </ul>
      {hasMore && (
        <Button kind="link" onClick={loadMore}>
          Show more
        </Button>
      )}
    </aside>
  );
}

function rank(member: Member, me: Member): number {
  return member.user === me.user ? 0 : 1;
}

function MemberItem({ member, snapshot }: { member: Member; snapshot: RoomSnapshot }) {
  const chat = useChat();
  const { room } = useRoomScope();
  useStore(chat.people.store);
  const name = cleanName(member.name) || member.user;
  const isMe = member.user === chat.me.user;
  const open = (event: MouseEvent) =>
    openMenu(event.currentTarget as Element, name, listMemberActions(chat, room, snapshot, { ...member, name }));
  return (
    <li>
      <button type="button" class="member" aria-haspopup="menu" disabled={isMe} onClick={open}>
        <Avatar user={member.user} name={name} isOnline />
        <span class="truncate" dir="auto">
          {name}
        </span>
        {isMe && <span class="member-note">you</span>}
      </button>
    </li>
  );
}
