import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Avatar } from "../design/avatar.tsx";
import { confirm } from "../design/confirm.tsx";
import { Icon } from "../design/icon.tsx";
import type { MenuEntry } from "../design/menu.tsx";
import { openDialog, openMenu } from "../design/overlays.tsx";
import { type Theme, theme } from "../design/theme.ts";
import { showToast } from "../design/toasts.tsx";
import { askForNotifications, canNotify } from "./notifications.ts";
import { ShortcutsDialog } from "./shortcuts-dialog.tsx";
import "./account-bar.css";

const STATES = { online: "Online", connecting: "Connecting…", offline: "Offline", refused: "Signed out" };
const THEMES = [
  ["system", "As the system", "monitor"],
  ["light", "Light", "sun"],
  ["dark", "Dark", "moon"],
] as const;

/** Who is signed in, and what is set. */
export function AccountBar({ onSignOut }: { onSignOut: () => Promise<void> }) {
  const { client, me, session } = useChat();
  const { state } = useStore(client.connection);
  const signOut = () => {
    const text = session.isGuest
      ? "You are a guest: once signed out, you can't come back as the same one. Messages you sent stay."
      : "What is kept on this device, unsent messages too, is removed.";
    confirm({ title: "Sign out?", text, action: "Sign out", run: onSignOut });
  };
  const openSettings = (event: MouseEvent) =>
    openMenu(event.currentTarget as Element, "Settings", [
      { heading: "Appearance" },
      ...listThemes(theme.getSnapshot()),
      "separator",
      !canNotify() && { label: "Turn on notifications", icon: "bell", onSelect: () => void turnOnNotifications() },
      {
        label: "Keyboard shortcuts",
        icon: "keyboard",
        onSelect: () => openDialog((close) => <ShortcutsDialog onClose={close} />),
      },
      { label: "Copy my user id", icon: "copy", onSelect: () => void copyId(me.user) },
      "separator",
      { label: "Sign out", icon: "door", isDanger: true, onSelect: signOut },
    ]);
  return (
    <button type="button" class="account-bar" aria-haspopup="menu" onClick={openSettings}>
      <Avatar user={me.user} name={me.name} isOnline={state === "online"} />
      <span class="account-name truncate">{me.name}</span>
      <span class="account-state">{STATES[state]}</span>
      <Icon name="more" />
      <span class="visually-hidden">Settings</span>
    </button>
  );
}

function listThemes(current: Theme): MenuEntry[] {
  return THEMES.map(([value, label, icon]) => ({
    label,
    icon,
    isChecked: value === current,
    onSelect: () => theme.set(value),
  }));
}

async function turnOnNotifications(): Promise<void> {
  const isGranted = await askForNotifications();
  showToast(
    isGranted ? "You are notified while the chat is hidden." : "Your browser doesn't allow notifications of this page.",
  );
}

async function copyId(user: string): Promise<void> {
  await navigator.clipboard.writeText(user);
  showToast("Copied. Whoever has it can write to you, or invite you.");
}
