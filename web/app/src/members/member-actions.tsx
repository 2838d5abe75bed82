import type { Member, Room, RoomSnapshot } from "@chat-stack/sdk";
import { type Chat, findDirectRoom } from "../chat/chat.ts";
import type { MenuEntry } from "../design/menu.tsx";
import { showToast } from "../design/toasts.tsx";
import { listModerationActions } from "../moderation/moderation-actions.tsx";
import { openDirectRoom } from "../rooms/direct.ts";
import { readDirectRoom } from "../rooms/room-names.ts";

/** What can be done about somebody, by everybody and by those who moderate the room. */
export function listMemberActions(
  chat: Chat,
  room: Room,
  snapshot: RoomSnapshot,
  member: Member,
): (MenuEntry | false)[] {
  const isDirect = readDirectRoom(room.name, chat.me.user) !== null;
  const canModerate = snapshot.access === "moderate" && !isDirect;
  return [
    { heading: member.name },
    !isDirect && {
      label: "Message",
      icon: "message",
      onSelect: () => openDirectRoom(findDirectRoom(chat, member.user)),
    },
    { label: "Copy user id", icon: "copy", onSelect: () => void copyId(member.user) },
    ...(canModerate ? listModerationActions(room, snapshot.isPrivate, member) : []),
  ];
}

async function copyId(user: string): Promise<void> {
  await navigator.clipboard.writeText(user);
  showToast("User id copied.");
}
