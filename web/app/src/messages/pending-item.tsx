import type { PendingWrite } from "@chat-stack/sdk";
import { memo } from "preact/compat";
import { Icon } from "../design/icon.tsx";
import { useRoomScope } from "../rooms/room-context.ts";
import { formatTime } from "./dates.ts";
import { FailedNote } from "./failed-note.tsx";
import { flattenMarkdown } from "./markdown.ts";
import { MarkdownView } from "./markdown-view.tsx";

interface Props {
  rowKey: string;
  write: PendingWrite;
  isFirst: boolean;
  isFocusable: boolean;
}

const STATES = { sending: "sending", sent: "sent", failed: "not sent" };

/** A message of this user's that is not stored yet. */
export const PendingItem = memo(function PendingItem({ rowKey, write, isFirst, isFocusable }: Props) {
  const { room } = useRoomScope();
  const text = write.text ?? "";
  const isFailed = write.state === "failed";
  return (
    <article
      class={`message message-mine ${isFirst ? "message-first" : ""}`}
      data-row={rowKey}
      tabIndex={isFocusable ? 0 : -1}
      aria-label={`You, ${STATES[write.state]}: ${flattenMarkdown(text)}`}
    >
      <div class="message-column">
        <div class={`bubble ${isFailed ? "bubble-failed" : "bubble-saving"}`}>
          <MarkdownView text={text} />
          <span class="message-time">
            {!isFailed && <Icon name={write.state === "sent" ? "check" : "clock"} size={12} />} {formatTime(write.at)}
          </span>
        </div>
        {isFailed && <FailedNote room={room} write={write} />}
      </div>
    </article>
  );
});
