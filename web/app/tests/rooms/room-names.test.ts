import { expect, test } from "vitest";
import { explainBadRoomName, readDirectRoom, suggestRoomName } from "../../src/rooms/room-names.ts";

test("a direct room is told by its other user", () => {
  expect(readDirectRoom("dm:ada:me", "me")).toBe("ada");
  expect(readDirectRoom("dm:me:me", "me")).toBe("me");
  expect(readDirectRoom("lobby", "me")).toBeNull();
});

test.each([
  ["#Book Club ", "book-club"],
  ["a  b", "a-b"],
])("%j becomes %j", (typed, name) => expect(suggestRoomName(typed)).toBe(name));

test.each([
  ["", "name"],
  ["dm:x", "direct"],
  ["café", "é"],
  ["a".repeat(129), "129"],
])("%j is explained", (name, part) => expect(explainBadRoomName(name)).toContain(part));

test("a name of the grammar is good", () => expect(explainBadRoomName("Team_1.a:b-c")).toBeNull());
