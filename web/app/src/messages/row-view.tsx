import type { ChatMessage } from "@chat-stack/sdk";
import { memo } from "preact/compat";
import { nameDay } from "./dates.ts";
import { MessageItem } from "./message-item.tsx";
import { PendingItem } from "./pending-item.tsx";
import { findMessage, readReply } from "./replies.ts";
import type { Row } from "./rows.ts";

interface Props {
  row: Row;
  messages: readonly ChatMessage[];
  readers: readonly string[] | undefined;
  isFocusable: boolean;
  isShown: boolean;
}

export function RowView({ row, messages, readers, isFocusable, isShown }: Props) {
  switch (row.kind) {
    case "day":
      return <Separator text={nameDay(row.at)} />;
    case "unread":
      return <Separator text="New messages" isNew />;
    case "expired":
      return <Separator text="Older messages have expired" />;
    case "pending": {
      const { write, isFirst } = row;
      return <PendingItem rowKey={row.key} write={write} isFirst={isFirst} isFocusable={isFocusable} />;
    }
    case "message": {
      const target = readReply(row.message.meta);
      return (
        <MessageItem
          rowKey={row.key}
          message={row.message}
          isFirst={row.isFirst}
          changes={row.changes}
          repliedSeq={target}
          replied={target === null ? null : findMessage(messages, target)}
          readers={readers}
          isFocusable={isFocusable}
          isShown={isShown}
        />
      );
    }
  }
}

const Separator = memo(function Separator({ text, isNew = false }: { text: string; isNew?: boolean }) {
  return (
    <div class={`separator ${isNew ? "separator-new" : ""}`}>
      <span>{text}</span>
    </div>
  );
});
