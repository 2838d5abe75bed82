import { expect, test } from "vitest";
import { findPeople, isUserId } from "../../src/members/people-search.ts";

const names = new Map([
  ["u1", "Ada"],
  ["u2", "Granada"],
  ["me", "Adam"],
]);

test("names that begin so come first; this user is left out", () => {
  expect(findPeople(names, "ada", "me").map(({ user }) => user)).toEqual(["u1", "u2"]);
});

test("an id finds, too", () => expect(findPeople(names, "u2", "me")).toHaveLength(1));

test.each([
  ["guest-1.a_b", true],
  ["Ada Lovelace", false],
  ["", false],
  ["a".repeat(49), false],
])("%j is a user id: %s", (text, is) => expect(isUserId(text)).toBe(is));
