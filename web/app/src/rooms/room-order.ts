import type { RoomSummary } from "@chat-stack/sdk";
import { readDirectRoom } from "./room-names.ts";

/** The rooms that are known now, then those that were known before. */
export function mergeRooms(current: readonly RoomSummary[], before: readonly RoomSummary[]): readonly RoomSummary[] {
  const known = new Set(current.map(({ room }) => room));
  const others = before.filter(({ room }) => !known.has(room));
  return others.length ? [...current, ...others] : current;
}

export interface RoomSections {
  readonly rooms: readonly RoomSummary[];
  readonly direct: readonly RoomSummary[];
}

/** Rooms by name, which stay where they are; direct messages in the order they came, the latest first. */
export function sortRooms(all: readonly RoomSummary[], me: string): RoomSections {
  const isDirect = ({ room }: RoomSummary) => readDirectRoom(room, me) !== null;
  return {
    rooms: all.filter((room) => !isDirect(room)).toSorted((one, other) => one.room.localeCompare(other.room)),
    direct: all.filter(isDirect),
  };
}

/** The room before (-1) or after (1) another in the order they are shown, around the ends. */
export function findNeighbour({ rooms, direct }: RoomSections, current: string | null, step: 1 | -1): string | null {
  const names = [...rooms, ...direct].map(({ room }) => room);
  if (names.length === 0) return null;
  const at = current === null ? -1 : names.indexOf(current);
  if (at === -1) return names.at(step === 1 ? 0 : -1) ?? null;
  return names[(at + step + names.length) % names.length] ?? null;
}

export function countUnread(all: readonly RoomSummary[]): number {
  return all.reduce((sum, { unread }) => sum + unread, 0);
}
