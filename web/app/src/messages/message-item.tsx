import type { ChatMessage, PendingWrite } from "@chat-stack/sdk";
import { memo } from "preact/compat";
import { useChat } from "../chat/chat.ts";
import { Avatar } from "../design/avatar.tsx";
import { Icon } from "../design/icon.tsx";
import { useRoomScope } from "../rooms/room-context.ts";
import { applyChanges, type ShownMessage } from "./changes.ts";
import { formatDateTime, formatTime } from "./dates.ts";
import { FailedNote } from "./failed-note.tsx";
import { cleanName } from "./hidden-text.ts";
import { flattenMarkdown } from "./markdown.ts";
import { MarkdownView } from "./markdown-view.tsx";
import { MessageTools } from "./message-tools.tsx";
import { Reactions } from "./reactions.tsx";
import { Receipts } from "./receipts-view.tsx";
import { ReplyQuote } from "./reply-quote.tsx";
import { useMessageActions } from "./use-message-actions.ts";
import "./message-item.css";

interface Props {
  rowKey: string;
  message: ChatMessage;
  changes: readonly PendingWrite[];
  isFirst: boolean;
  repliedSeq: number | null;
  /** The message it answers; null where that is not loaded. */
  replied: ChatMessage | null;
  readers: readonly string[] | undefined;
  isFocusable: boolean;
  isShown: boolean;
}

export const MessageItem = memo(function MessageItem(props: Props) {
  const { message, changes, isFirst, readers, isFocusable, isShown } = props;
  const { me } = useChat();
  const { room } = useRoomScope();
  const shown = applyChanges(message, changes, me.user);
  const actions = useMessageActions(message, shown);
  const tabIndex = isFocusable ? 0 : -1;
  const isMine = message.from === me.user;
  const name = cleanName(message.name) || message.from;
  const classes = ["message", isMine && "message-mine", isFirst && "message-first", isShown && "message-shown"];
  return (
    <article
      class={classes.filter(Boolean).join(" ")}
      data-row={props.rowKey}
      tabIndex={tabIndex}
      aria-label={describe(isMine ? "You" : name, message.at, shown)}
      onKeyDown={actions.onKeyDown}
    >
      {!isMine && <span class="message-avatar">{isFirst && <Avatar user={message.from} name={name} />}</span>}
      <div class="message-column">
        {isFirst && !isMine && <MessageHead name={name} user={message.from} />}
        <div class={`bubble ${shown.isDeleted ? "bubble-deleted" : ""} ${shown.isSaving ? "bubble-saving" : ""}`}>
          {props.repliedSeq !== null && !shown.isDeleted && (
            <ReplyQuote tabIndex={tabIndex} seq={props.repliedSeq} message={props.replied} />
          )}
          {shown.text === null ? <DeletedText /> : <MarkdownView text={shown.text} />}
          <MessageTime at={message.at} isEdited={shown.isEdited && !shown.isDeleted} />
          {!shown.isDeleted && <MessageTools actions={actions} />}
        </div>
        {shown.reactions.length > 0 && !shown.isDeleted && (
          <Reactions groups={shown.reactions} actions={actions} tabIndex={tabIndex} />
        )}
        {shown.failed && <FailedNote room={room} write={shown.failed} />}
      </div>
      {readers && <Receipts readers={readers} />}
    </article>
  );
});

function describe(name: string, at: number, { text, isEdited }: ShownMessage): string {
  const said = text === null ? "deleted message" : flattenMarkdown(text);
  return `${name}, ${formatTime(at)}${isEdited ? ", edited" : ""}: ${said}`;
}

function MessageHead({ name, user }: { name: string; user: string }) {
  return (
    <span class="message-name" dir="auto" title={user}>
      {name}
    </span>
  );
}

function DeletedText() {
  return (
    <span class="message-deleted">
      <Icon name="trash" size={14} /> Message deleted
    </span>
  );
}

function MessageTime({ at, isEdited }: { at: number; isEdited: boolean }) {
  return (
    <span class="message-time">
      {isEdited && "edited "}
      <time dateTime={new Date(at).toISOString()} title={formatDateTime(at)}>
        {formatTime(at)}
      </time>
    </span>
  );
}
