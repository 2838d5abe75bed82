import type { ChatMessage } from "@chat-stack/sdk";
import { useEffect, useRef, useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { cleanName } from "./hidden-text.ts";
import { flattenMarkdown } from "./markdown.ts";

/** Reads new messages of others to screen readers. The list itself can't be a live region: scrolling changes it, too. */
export function Announcer({ messages }: { messages: readonly ChatMessage[] }) {
  const { me } = useChat();
  const [text, setText] = useState("");
  const heard = useRef<number | null>(null);
  const last = messages.at(-1);
  useEffect(() => {
    if (!last) return;
    const isNew = heard.current !== null && last.seq > heard.current;
    heard.current = Math.max(heard.current ?? 0, last.seq);
    if (isNew && last.from !== me.user && last.text !== null)
      setText(`${cleanName(last.name)}: ${flattenMarkdown(last.text)}`);
  }, [last, me.user]);
  return (
    <div class="visually-hidden" role="log" aria-live="polite">
      {text}
    </div>
  );
}
