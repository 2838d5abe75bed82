import type { Member, Room } from "@chat-stack/sdk";
import { confirm } from "../design/confirm.tsx";
import type { MenuEntry } from "../design/menu.tsx";
import { openDialog } from "../design/overlays.tsx";
import { showFailure, showToast } from "../design/toasts.tsx";
import { BanDialog } from "./ban-dialog.tsx";
import { MuteDialog } from "./mute-dialog.tsx";

/** What a moderator can do about somebody in their room. */
export function listModerationActions(room: Room, isPrivate: boolean, member: Member): (MenuEntry | false)[] {
  return [
    "separator",
    {
      label: "Mute…",
      icon: "mute",
      onSelect: () => openDialog((close) => <MuteDialog room={room} member={member} onClose={close} />),
    },
    { label: "Unmute", icon: "bell", onSelect: () => void unmute(room, member) },
    { label: "Kick…", icon: "door", isDanger: true, onSelect: () => kick(room, member) },
    isPrivate && { label: "Remove…", icon: "userMinus", isDanger: true, onSelect: () => remove(room, member) },
    {
      label: "Ban…",
      icon: "ban",
      isDanger: true,
      onSelect: () => openDialog((close) => <BanDialog room={room} member={member} onClose={close} />),
    },
  ];
}

async function unmute(room: Room, { user, name }: Member): Promise<void> {
  try {
    await room.mute(user, 0);
    showToast(`${name} may write here again.`);
  } catch (error) {
    showFailure(error);
  }
}

function kick(room: Room, { user, name }: Member): void {
  const run = () => room.kick(user);
  confirm({ title: `Kick ${name}?`, text: "They leave the room. They may join again.", action: "Kick", run });
}

function remove(room: Room, { user, name }: Member): void {
  const run = () => room.remove(user);
  confirm({
    title: `Remove ${name}?`,
    text: "They are no member any more, until they are invited again.",
    action: "Remove",
    run,
  });
}
