// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { Drafts } from "../../src/chat/drafts.ts";

beforeEach(() => sessionStorage.clear());

test("a draft outlives a reload, in its room and for its user", () => {
  new Drafts("ada").write("lobby", "half a sentence");
  const reloaded = new Drafts("ada");
  expect([reloaded.read("lobby"), reloaded.read("attic")]).toEqual(["half a sentence", ""]);
  expect(new Drafts("grace").read("lobby")).toBe("");
});

test("what was sent is a draft no more", () => {
  const drafts = new Drafts("ada");
  drafts.write("lobby", "hello");
  drafts.write("lobby", "");
  expect(new Drafts("ada").read("lobby")).toBe("");
});

test("who signs out leaves none behind", () => {
  const drafts = new Drafts("ada");
  drafts.write("lobby", "half a sentence");
  drafts.clear();
  expect([drafts.read("lobby"), sessionStorage.length]).toEqual(["", 0]);
});
