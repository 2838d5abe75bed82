import type { ChatMessage } from "@chat-stack/sdk";
import { memo } from "preact/compat";
import { Boundary } from "../design/boundary.tsx";
import { nameDay } from "./dates.ts";
import { MessageItem } from "./message-item.tsx";
import { PendingItem } from "./pending-item.tsx";
import { findMessage, readReply } from "./replies.ts";
import type { MessageRow, Row } from "./rows.ts";

interface Props {
  row: Row;
  messages: readonly ChatMessage[];
  readers: readonly string[] | undefined;
  isFocusable: boolean;
  isShown: boolean;
}

export function RowView({ row, isFocusable, ...rest }: Props) {
  const broken = <BrokenItem rowKey={row.key} isFocusable={isFocusable} />;
  switch (row.kind) {
    case "day":
      return <Separator text={nameDay(row.at)} />;
    case "unread":
      return <Separator text="New messages" isNew />;
    case "expired":
      return <Separator text="Older messages have expired" />;
    case "pending":
      return (
        <Boundary of={row.write} fallback={broken}>
          <PendingItem rowKey={row.key} write={row.write} isFirst={row.isFirst} isFocusable={isFocusable} />
        </Boundary>
      );
    case "message":
      return (
        <Boundary of={row.message} fallback={broken}>
          <StoredItem row={row} isFocusable={isFocusable} {...rest} />
        </Boundary>
      );
  }
}

function StoredItem({ row, messages, ...rest }: Omit<Props, "row"> & { row: MessageRow }) {
  const target = readReply(row.message.meta);
  return (
    <MessageItem
      rowKey={row.key}
      message={row.message}
      isFirst={row.isFirst}
      changes={row.changes}
      repliedSeq={target}
      replied={target === null ? null : findMessage(messages, target)}
      {...rest}
    />
  );
}

/** In the place of a message that this app fails to show. */
function BrokenItem({ rowKey, isFocusable }: { rowKey: string; isFocusable: boolean }) {
  const text = "This message can't be shown.";
  return (
    <article class="message message-first" data-row={rowKey} tabIndex={isFocusable ? 0 : -1} aria-label={text}>
      <div class="bubble bubble-deleted message-deleted">{text}</div>
    </article>
  );
}

const Separator = memo(function Separator({ text, isNew = false }: { text: string; isNew?: boolean }) {
  return (
    <div class={`separator ${isNew ? "separator-new" : ""}`}>
      <span>{text}</span>
    </div>
  );
});
