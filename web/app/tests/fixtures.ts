import type { ChatMessage, PendingWrite } from "@chat-stack/sdk";

export const NOON = new Date(2026, 4, 20, 12).getTime();
export const MINUTE_MS = 60_000;

export function makeMessage(seq: number, fields: Partial<ChatMessage> = {}): ChatMessage {
  return {
    seq,
    id: `id-${seq}`,
    from: "ada",
    name: "Ada",
    at: NOON + seq * 1000,
    text: `text ${seq}`,
    meta: null,
    edited: false,
    deleted: false,
    reactions: {},
    ...fields,
  };
}

export function makeWrite(fields: Partial<PendingWrite> = {}): PendingWrite {
  return {
    id: "w1",
    action: "send",
    state: "sending",
    error: null,
    canRetry: false,
    at: NOON + 100_000,
    text: "pending",
    meta: null,
    target: null,
    emoji: null,
    remove: false,
    ...fields,
  };
}
