import type { ChatMessage, Meta } from "@chat-stack/sdk";

/** The seq of the message that another answers; null where it answers none. */
export function readReply(meta: Meta | null): number | null {
  const seq = meta?.replyTo;
  return typeof seq === "number" && Number.isSafeInteger(seq) && seq > 0 ? seq : null;
}

/** The message with a seq, by bisection: they stand in rising order. */
export function findMessage(messages: readonly ChatMessage[], seq: number): ChatMessage | null {
  let [low, high] = [0, messages.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const message = messages[middle];
    if (!message) return null;
    if (message.seq === seq) return message;
    if (message.seq < seq) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}
