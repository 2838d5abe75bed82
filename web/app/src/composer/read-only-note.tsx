import type { RoomSnapshot } from "@chat-stack/sdk";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../design/icon.tsx";
import { formatDuration } from "../messages/dates.ts";

/** In the place of the message field, where this user may not write. */
export function ReadOnlyNote({ snapshot }: { snapshot: RoomSnapshot }) {
  const { access, mutedUntilMs } = snapshot;
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = (mutedUntilMs ?? 0) - now;
  const text =
    access === "read"
      ? "You can read this room, and not write in it."
      : `A moderator muted you. You may write in ${formatDuration(left)}.`;
  return (
    <div class="composer composer-note" role="status">
      <Icon name={access === "read" ? "lock" : "mute"} size={18} />
      {text}
    </div>
  );
}
