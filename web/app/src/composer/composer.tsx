import type { ChatMessage, RoomSnapshot } from "@chat-stack/sdk";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { IconButton } from "../design/form.tsx";
import { isForTyping } from "../design/pointer.ts";
import { openEmojiPicker } from "../emoji/open-emoji-picker.tsx";
import { type Target, useRoomScope } from "../rooms/room-context.ts";
import { useRoomTitle } from "../rooms/room-title.ts";
import { insertText } from "./insert-text.ts";
import { ReadOnlyNote } from "./read-only-note.tsx";
import { TargetBar } from "./target-bar.tsx";
import { MAX_TEXT_BYTES, measureText } from "./text-limit.ts";
import "./composer.css";

type Field = RefObject<HTMLTextAreaElement | null>;

interface Props {
  snapshot: RoomSnapshot;
  messages: readonly ChatMessage[];
  target: Target | null;
  onSent: () => void;
}

/** The field in which messages are written, answered and edited; why there is none, where this user may not write. */
export function Composer(props: Props) {
  const { access } = useRoomScope();
  const { snapshot } = props;
  if (access === "read" || snapshot.mutedUntilMs !== null) return <ReadOnlyNote snapshot={snapshot} />;
  return <WritableComposer {...props} />;
}

function WritableComposer({ messages, target, onSent }: Props) {
  const { room, setTarget } = useRoomScope();
  const { me } = useChat();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(room.name, target);
  useAutosize(field, text);
  useFocus(field, target);
  const bytesLeft = MAX_TEXT_BYTES - measureText(text);
  const canSend = text.trim() !== "" && bytesLeft >= 0;
  const send = () => {
    if (!canSend) return;
    if (target?.kind === "edit") room.edit(target.message.seq, text.trim());
    else room.send(text.trim(), target ? { replyTo: target.message.seq } : undefined);
    setText("");
    setTarget(null);
    onSent();
  };
  const editLast = () => {
    const message = messages.findLast(({ from, deleted }) => from === me.user && !deleted);
    if (message) setTarget({ kind: "edit", message });
  };
  const actions = { send, editLast, cancel: () => setTarget(null) };
  const label = target?.kind === "edit" ? "Save" : "Send";
  return (
    <div class="composer">
      {target && <TargetBar target={target} onCancel={actions.cancel} />}
      <div class="composer-row">
        <TextArea field={field} text={text} setText={setText} actions={actions} />
        {bytesLeft < 500 && <span class={`composer-count ${bytesLeft < 0 ? "is-over" : ""}`}>{bytesLeft}</span>}
        <EmojiButton field={field} />
        <IconButton icon="send" label={label} class="composer-send" isDisabled={!canSend} onClick={send} />
      </div>
    </div>
  );
}

function EmojiButton({ field }: { field: Field }) {
  const insert = (emoji: string) => field.current && insertText(field.current, emoji);
  return (
    <IconButton
      icon="smile"
      label="Insert an emoji"
      onClick={(event) => openEmojiPicker(event.currentTarget as Element, insert)}
    />
  );
}

interface TextAreaProps {
  field: Field;
  text: string;
  setText: (text: string) => void;
  actions: Readonly<Record<KeyAction, () => void>>;
}

function TextArea({ field, text, setText, actions }: TextAreaProps) {
  const { room } = useRoomScope();
  const { title } = useRoomTitle(room.name);
  return (
    <textarea
      ref={field}
      id="composer"
      class="composer-field"
      rows={1}
      dir="auto"
      placeholder={`Message ${title}`}
      aria-label={`Message ${title}`}
      enterkeyhint={isForTyping() ? "send" : "enter"}
      value={text}
      onInput={(event) => {
        setText(event.currentTarget.value);
        if (event.currentTarget.value) room.typing();
      }}
      onKeyDown={(event) => {
        const action = readKey(event, text === "");
        if (!action) return;
        event.preventDefault();
        actions[action]();
      }}
    />
  );
}

type KeyAction = "send" | "editLast" | "cancel";

/** What a key does beside writing. */
function readKey(event: KeyboardEvent, isEmpty: boolean): KeyAction | null {
  // Enter also takes what an input method proposes; Safari says so by a code alone, after the composition has ended.
  if (event.isComposing || event.keyCode === 229) return null;
  if (event.key === "Enter" && !event.shiftKey && isForTyping()) return "send";
  if (event.key === "ArrowUp" && isEmpty && !event.altKey) return "editLast";
  return event.key === "Escape" ? "cancel" : null;
}

/** The text in the field: of the message that is edited, else this room's draft, which outlives the room's page. */
function useDraft(room: string, target: Target | null): [string, (text: string) => void] {
  const { drafts } = useChat();
  const edited = target?.kind === "edit" ? target.message : null;
  const [text, setText] = useState(drafts.read(room));
  useEffect(() => setText(edited ? (edited.text ?? "") : drafts.read(room)), [room, edited, drafts]);
  const write = (typed: string) => {
    if (!edited) drafts.write(room, typed);
    setText(typed);
  };
  return [text, write];
}

function useAutosize(field: Field, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [field, text]);
}

/** A phone's keyboard opens only when it is asked for: by a reply or an edit, or by a tap. */
function useFocus(field: Field, target: Target | null): void {
  useEffect(() => {
    if (target || isForTyping()) field.current?.focus();
  }, [field, target]);
}
