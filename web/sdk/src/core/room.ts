import type { Member } from "../frames.ts";
import type { PendingWrite, RoomSnapshot, RoomSummary } from "../snapshots.ts";
import { Log } from "./log.ts";
import { lookUp } from "./records.ts";
import type { Write } from "./request.ts";
import type { Surroundings } from "./surroundings.ts";
import { Timeline } from "./timeline.ts";

/** What a snapshot shows as it is known. */
type Facts = {
  -readonly [Key in
    | "reason"
    | "memberCount"
    | "readBy"
    | "access"
    | "isPrivate"
    | "truncatedAfter"
    | "mutedUntilMs"]: RoomSnapshot[Key];
};

const UNKNOWN: Facts = {
  reason: null,
  memberCount: 0,
  readBy: {},
  access: null,
  isPrivate: false,
  truncatedAfter: null,
  mutedUntilMs: null,
};

/** What is known of one room. */
export class RoomState {
  readonly name: string;
  readonly log: Log;
  readonly timeline = new Timeline();
  /** The user wants to be in it, over reconnects. */
  isWanted = false;
  /** This connection is in it. */
  isIn = false;
  /** It has caught up there as well: what waits for the room can be sent. */
  isReady = false;
  head = 0;
  read: number | null = null;
  readonly facts: Facts = { ...UNKNOWN };
  /** When `typing` may be sent again. */
  typingDueMs = -Infinity;
  readonly typing = new Map<string, { name: string; untilMs: number }>();
  /** The oldest of this user's writes that are not answered; none before the room is ready. */
  next: Write | undefined;

  constructor(name: string, surroundings: Surroundings) {
    this.name = name;
    this.log = new Log(name, surroundings);
  }

  /** Begins at a position, unless something is shown already. */
  begin(after: number, epoch: string | null): void {
    if (this.log.position) return;
    this.log.begin(after, epoch);
    this.timeline.begin(after + 1, after > 0);
  }

  /** Forgets what was shown. */
  forget(): void {
    this.log.forget();
    this.timeline.begin(1, false);
    Object.assign(this.facts, UNKNOWN);
  }

  /** Notes that this connection is not in it, or not any more. */
  lose(): void {
    this.isIn = this.isReady = false;
  }

  noteHead(seq: number): void {
    this.head = Math.max(this.head, seq);
  }

  noteRead(seq: number): void {
    this.read = Math.max(this.read ?? 0, seq);
    this.noteHead(seq);
  }

  noteReadBy(user: string, seq: number): void {
    const { readBy } = this.facts;
    this.facts.readBy = { ...readBy, [user]: Math.max(lookUp(readBy, user) ?? 0, seq) };
  }

  /** Says when this user is muted no longer, or somebody counts as typing no longer; infinity for never. */
  deadline(): number {
    return Math.min(this.facts.mutedUntilMs ?? Infinity, ...[...this.typing.values()].map(({ untilMs }) => untilMs));
  }

  /** Forgets that this user was muted, and who types no longer. */
  expire(nowMs: number): void {
    if ((this.facts.mutedUntilMs ?? 0) <= nowMs) this.facts.mutedUntilMs = null;
    for (const [user, { untilMs }] of this.typing) if (untilMs <= nowMs) this.typing.delete(user);
  }

  summarise(): RoomSummary {
    const { name: room, head, read } = this;
    return { room, head, read, unread: read === null ? 0 : Math.max(0, head - read) };
  }

  show(pending: readonly PendingWrite[]): RoomSnapshot {
    const { messages, hasOlder } = this.timeline;
    const goneState = this.facts.reason === null ? "left" : "removed";
    const state = this.isWanted ? (this.facts.access ? "joined" : "joining") : goneState;
    return {
      ...this.summarise(),
      ...this.facts,
      state,
      messages,
      hasOlder,
      pending,
      typing: [...this.typing].map(([user, { name }]): Member => ({ user, name })),
    };
  }
}

/** Returns the name of the direct room of two users. */
export function nameDirectRoom(user: string, other: string): string {
  return `dm:${[user, other].sort().join(":")}`;
}
