import { expect, test } from "vitest";
import { People } from "../../src/chat/people.ts";

test("learns names from what happens, and cleans them", () => {
  const people = new People([["ada", "Ada"]]);
  people.learnFrom({ type: "presence", room: "lobby", user: "grace", name: "Grace\u202e", state: "joined" });
  expect(people.name("grace")).toBe("Grace");
  expect(people.name("ada")).toBe("Ada");
});

test("who was not met yet is called by their id", () => expect(new People().name("u1")).toBe("u1"));

test("a name that is known already changes nothing", () => {
  const people = new People([["ada", "Ada"]]);
  const before = people.store.getSnapshot();
  people.learn("ada", "Ada");
  expect(people.store.getSnapshot()).toBe(before);
});
