import { Icon } from "../design/icon.tsx";
import { findHue } from "../design/identity.ts";

/** A room's picture. */
export function RoomBadge({ room, isPrivate = false }: { room: string; isPrivate?: boolean }) {
  return (
    <span class="avatar" style={{ "--hue": `${findHue(room)}` }} aria-hidden="true">
      <Icon name={isPrivate ? "lock" : "hash"} size={18} />
    </span>
  );
}
