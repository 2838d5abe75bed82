import type { PendingWrite, Room } from "@chat-stack/sdk";
import { Icon } from "../design/icon.tsx";

const DEEDS = { send: "Not sent", edit: "Not changed", delete: "Not deleted", react: "Reaction not sent" };

/** Why a write failed, and what to do about it. */
export function FailedNote({ room, write }: { room: Room; write: PendingWrite }) {
  return (
    <p class="failed">
      <span>
        <Icon name="alert" size={14} /> {DEEDS[write.action]}
        {write.error && `: ${write.error.message}`}
      </span>
      {write.canRetry && (
        <button type="button" class="failed-action" onClick={() => room.retry(write.id)}>
          Retry
        </button>
      )}
      <button type="button" class="failed-action" onClick={() => room.discard(write.id)}>
        {write.action === "send" ? "Delete" : "Dismiss"}
      </button>
    </p>
  );
}
