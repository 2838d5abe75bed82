import type { ChatMessage } from "@chat-stack/sdk";
import { useChat } from "../chat/chat.ts";
import { confirm } from "../design/confirm.tsx";
import { openEmojiPicker } from "../emoji/open-emoji-picker.tsx";
import { useRoomScope } from "../rooms/room-context.ts";
import type { ShownMessage } from "./changes.ts";

export interface MessageActions {
  /** Each is null where this user can't do it. */
  readonly reply: (() => void) | null;
  readonly edit: (() => void) | null;
  readonly remove: (() => void) | null;
  readonly react: ((emoji: string) => void) | null;
  readonly pickReaction: ((anchor: Element) => void) | null;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** What this user can do about a message. */
export function useMessageActions(message: ChatMessage, shown: ShownMessage): MessageActions {
  const { me } = useChat();
  const { room, access, setTarget } = useRoomScope();
  const isMine = message.from === me.user;
  const canWrite = access !== "read" && !shown.isDeleted;
  const react = (emoji: string) => {
    const isTaken = shown.reactions.some((group) => group.emoji === emoji && group.isMine);
    room.react(message.seq, emoji, { remove: isTaken });
  };
  const actions = {
    reply: canWrite ? () => setTarget({ kind: "reply", message }) : null,
    edit: canWrite && isMine ? () => setTarget({ kind: "edit", message: { ...message, text: shown.text } }) : null,
    remove: canWrite && (isMine || access === "moderate") ? () => askToDelete(() => room.delete(message.seq)) : null,
    react: canWrite ? react : null,
    pickReaction: canWrite ? (anchor: Element) => openEmojiPicker(anchor, react) : null,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys of the buttons inside are theirs.
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const anchor = (event.currentTarget as Element).querySelector(".bubble") ?? (event.currentTarget as Element);
    const run = {
      r: actions.reply,
      e: actions.edit,
      Delete: actions.remove,
      "+": actions.pickReaction && (() => actions.pickReaction?.(anchor)),
    }[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  };
  return { ...actions, onKeyDown };
}

function askToDelete(run: () => void): void {
  confirm({ title: "Delete this message?", text: "It is gone for everybody.", action: "Delete", run });
}
