import type { ChatMessage } from "@chat-stack/sdk";
import { flattenMarkdown } from "../messages/markdown.ts";

interface Reader {
  readonly me: string;
  readonly isDirect: boolean;
  readonly nameOf: (user: string) => string;
}

/** A message in one line of a list: who, unless that is plain, and what. */
export function summarize(message: ChatMessage, { me, isDirect, nameOf }: Reader): string {
  const text = message.text === null ? "deleted a message" : flattenMarkdown(message.text.slice(0, 300));
  if (message.from === me) return `You: ${text}`;
  if (isDirect && message.text !== null) return text;
  return `${nameOf(message.from)}: ${text}`;
}
