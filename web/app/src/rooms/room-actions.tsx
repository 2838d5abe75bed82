import type { Room, RoomSnapshot } from "@chat-stack/sdk";
import { confirm } from "../design/confirm.tsx";
import type { MenuEntry } from "../design/menu.tsx";
import { openDialog } from "../design/overlays.tsx";
import { showFailure, showToast } from "../design/toasts.tsx";
import { askForPerson } from "../moderation/person-dialog.tsx";
import { UnbanDialog } from "../moderation/unban-dialog.tsx";
import { closeRoom, hrefOf } from "../shell/route.ts";

/** What can be done about a room, by those who are in it and by those who moderate it. */
export function listRoomActions(
  room: Room,
  { access, isPrivate }: RoomSnapshot,
  isDirect: boolean,
): (MenuEntry | false)[] {
  const canModerate = access === "moderate" && !isDirect;
  return [
    { label: "Copy link", icon: "copy", onSelect: () => void copyLink(room.name) },
    ...(canModerate ? listOwnerActions(room, isPrivate) : []),
    "separator",
    {
      label: isDirect ? "Close conversation" : "Leave room",
      icon: "door",
      isDanger: true,
      onSelect: () => leave(room, isDirect, isPrivate),
    },
  ];
}

function listOwnerActions(room: Room, isPrivate: boolean): (MenuEntry | false)[] {
  const invite = {
    title: `Invite to #${room.name}`,
    action: "Invite",
    run: (user: string) => room.invite(user),
    done: (name: string) => `${name} is invited.`,
  };
  const remove = {
    title: `Remove from #${room.name}`,
    action: "Remove",
    run: (user: string) => room.remove(user),
    done: (name: string) => `${name} is no member any more.`,
  };
  return [
    isPrivate && { label: "Invite…", icon: "userPlus", onSelect: () => askForPerson(invite) },
    isPrivate && { label: "Remove a member…", icon: "userMinus", onSelect: () => askForPerson(remove) },
    {
      label: "Lift a ban…",
      icon: "ban",
      onSelect: () => openDialog((close) => <UnbanDialog room={room} onClose={close} />),
    },
  ];
}

async function copyLink(name: string): Promise<void> {
  await navigator.clipboard.writeText(new URL(hrefOf(name), location.href).href);
  showToast("Link copied.");
}

function leave(room: Room, isDirect: boolean, isPrivate: boolean): void {
  const text = isDirect
    ? "It goes off your list, and comes back with the next message."
    : isPrivate
      ? "You stay a member: you may join again under its name."
      : "It goes off your list. You may join again at any time.";
  const run = () => {
    // Without a connection the chat hears of it later.
    void room.leave().catch(showFailure);
    closeRoom();
  };
  confirm({ title: isDirect ? "Close this conversation?" : `Leave #${room.name}?`, text, action: "Leave", run });
}
