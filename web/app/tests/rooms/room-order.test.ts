import { expect, test } from "vitest";
import { countUnread, findNeighbour, mergeRooms, sortRooms } from "../../src/rooms/room-order.ts";

const make = (room: string, unread = 0) => ({ room, head: 9, read: 9 - unread, unread });

test("rooms stand by name, direct messages as they came", () => {
  const { rooms, direct } = sortRooms([make("zoo"), make("dm:b:me"), make("art"), make("dm:a:me")], "me");
  expect(rooms.map(({ room }) => room)).toEqual(["art", "zoo"]);
  expect(direct.map(({ room }) => room)).toEqual(["dm:b:me", "dm:a:me"]);
});

test("what is known now comes before what was known, each once", () => {
  expect(mergeRooms([make("a", 2)], [make("a"), make("b")])).toEqual([make("a", 2), make("b")]);
});

test.each([
  ["art", 1, "zoo"],
  ["zoo", 1, "art"],
  ["art", -1, "zoo"],
  [null, 1, "art"],
  ["gone", -1, "zoo"],
] as const)("from %s by %s to %s", (current, step, target) => {
  expect(findNeighbour(sortRooms([make("zoo"), make("art")], "me"), current, step)).toBe(target);
});

test("unread entries are summed up", () => expect(countUnread([make("a", 2), make("b", 3)])).toBe(5));
