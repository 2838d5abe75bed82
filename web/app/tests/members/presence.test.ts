import { expect, test } from "vitest";
import { addPage, applyPresence } from "../../src/members/presence.ts";

const ada = { user: "ada", name: "Ada" };
const tell = (state: "joined" | "left", name = "Ada") =>
  ({ type: "presence", room: "lobby", user: "ada", name, state }) as const;

test("who joins is there once", () => {
  expect(applyPresence([ada], tell("joined", "Ada L."))).toEqual([{ user: "ada", name: "Ada L." }]);
});

test("who has come before the page that they stand on is there once", () => {
  const bob = { user: "bob", name: "Bob" };
  expect(addPage([ada], [ada, bob])).toEqual([ada, bob]);
});

test("who leaves is not", () => expect(applyPresence([ada], tell("left"))).toEqual([]));
