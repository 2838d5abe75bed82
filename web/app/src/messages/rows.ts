import type { ChatMessage, PendingWrite } from "@chat-stack/sdk";
import { startOfDay } from "./dates.ts";

/** A line of the message list. Keys stay the same when a message that was pending is stored. */
export type Row =
  | { readonly kind: "day"; readonly key: string; readonly at: number }
  | { readonly kind: "unread" | "expired"; readonly key: string }
  | MessageRow
  | PendingRow;

export interface MessageRow {
  readonly kind: "message";
  readonly key: string;
  readonly message: ChatMessage;
  /** It opens a group of messages of one person: name and picture stand with it. */
  readonly isFirst: boolean;
  /** This user's edits, deletions and reactions of it that are not stored yet. */
  readonly changes: readonly PendingWrite[];
}

export interface PendingRow {
  readonly kind: "pending";
  readonly key: string;
  readonly write: PendingWrite;
  readonly isFirst: boolean;
}

export interface RowSource {
  readonly messages: readonly ChatMessage[];
  readonly pending: readonly PendingWrite[];
  /** Who looks at the list. */
  readonly me: string;
  /** Where the unread marker stands: after this seq; null for no marker. */
  readonly unreadAfter: number | null;
  readonly expiredAfter: number | null;
}

const GROUP_MS = 5 * 60_000;
const NO_CHANGES: readonly PendingWrite[] = [];

/** Lays messages and pending sends out as lines, with what stands between them. */
export function buildRows(source: RowSource): readonly Row[] {
  const rows: Row[] = [];
  const changes = groupChanges(source.pending);
  let day: number | null = null;
  let before: { from: string; at: number } | null = null;
  let isMarked = source.unreadAfter === null;
  let isExpiryShown = source.expiredAfter === null;

  const separate = (row: Row) => {
    rows.push(row);
    before = null;
  };
  const startDay = (at: number) => {
    if (day === startOfDay(at)) return;
    day = startOfDay(at);
    separate({ kind: "day", key: `day ${day}`, at });
  };
  const startsGroup = (from: string, at: number): boolean => {
    const isFirst = before?.from !== from || at - before.at > GROUP_MS;
    before = { from, at };
    return isFirst;
  };

  for (const message of source.messages) {
    startDay(message.at);
    if (!isExpiryShown && message.seq > (source.expiredAfter ?? 0)) {
      isExpiryShown = true;
      separate({ kind: "expired", key: "expired" });
    }
    if (!isMarked && message.seq > (source.unreadAfter ?? 0) && message.from !== source.me) {
      isMarked = true;
      separate({ kind: "unread", key: "unread" });
    }
    rows.push({
      kind: "message",
      key: `${message.from} ${message.id}`,
      message,
      isFirst: startsGroup(message.from, message.at),
      changes: changes.get(message.seq) ?? NO_CHANGES,
    });
  }
  for (const write of source.pending) {
    if (write.action !== "send") continue;
    startDay(write.at);
    rows.push({ kind: "pending", key: `${source.me} ${write.id}`, write, isFirst: startsGroup(source.me, write.at) });
  }
  return rows;
}

function groupChanges(pending: readonly PendingWrite[]): Map<number, PendingWrite[]> {
  const changes = new Map<number, PendingWrite[]>();
  for (const write of pending) {
    if (write.target === null) continue;
    changes.set(write.target, [...(changes.get(write.target) ?? []), write]);
  }
  return changes;
}
