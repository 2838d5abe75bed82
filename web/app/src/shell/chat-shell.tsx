import { useEffect, useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Sidebar } from "../rooms/sidebar.tsx";
import { WelcomePane } from "../rooms/welcome-pane.tsx";
import { useAttention } from "./attention.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { RoomPage } from "./room-page.tsx";
import { route } from "./route.ts";
import { useShortcuts } from "./shortcuts.ts";
import { useViewportHeight } from "./viewport.ts";
import "./chat-shell.css";

export function ChatShell({ onSignOut }: { onSignOut: () => Promise<void> }) {
  const chat = useChat();
  const name = useStore(route);
  const [areMembersShown, showMembers] = useState(() => innerWidth >= 1200);
  useAttention();
  useShortcuts(chat);
  useViewportHeight();
  useEffect(() => {
    // On a narrow screen the list would hide the room that was just opened.
    if (innerWidth < 1000) showMembers(false);
  }, [name]);
  return (
    <div class={`shell ${name ? "shell-room" : ""}`}>
      <button type="button" class="skip-link" onClick={() => document.getElementById("composer")?.focus()}>
        Skip to the message field
      </button>
      <Sidebar current={name} onSignOut={onSignOut} />
      <div class="shell-main">
        <ConnectionBanner />
        {name ? (
          <RoomPage
            key={name}
            name={name}
            areMembersShown={areMembersShown}
            onToggleMembers={() => showMembers((isShown) => !isShown)}
          />
        ) : (
          <WelcomePane />
        )}
      </div>
    </div>
  );
}
