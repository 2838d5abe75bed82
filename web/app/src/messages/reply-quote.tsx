import type { ChatMessage } from "@chat-stack/sdk";
import { useRoomScope } from "../rooms/room-context.ts";
import { cleanName } from "./hidden-text.ts";
import { flattenMarkdown } from "./markdown.ts";

const SHOWN_LENGTH = 200;

interface Props {
  seq: number;
  message: ChatMessage | null;
  tabIndex: 0 | -1;
}

/** The message that another answers; leads to it. */
export function ReplyQuote({ seq, message, tabIndex }: Props) {
  const { showMessage } = useRoomScope();
  if (!message) return <span class="quote quote-missing">An earlier message</span>;
  return (
    <button type="button" class="quote" tabIndex={tabIndex} onClick={() => showMessage(seq)}>
      <span class="quote-name truncate">{cleanName(message.name) || message.from}</span>
      <span class="quote-text truncate" dir="auto">
        {message.text === null ? "Message deleted" : flattenMarkdown(message.text.slice(0, SHOWN_LENGTH))}
      </span>
    </button>
  );
}
