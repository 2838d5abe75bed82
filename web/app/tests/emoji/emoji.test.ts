// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { EMOJI, findEmoji } from "../../src/emoji/emoji.ts";
import { noteUse, readRecent } from "../../src/emoji/recent.ts";

beforeEach(() => localStorage.clear());

test("each emoji stands once, has words, and fits the wire's 48 bytes", () => {
  const all = EMOJI.flatMap(({ emoji }) => emoji);
  expect(new Set(all.map(({ character }) => character)).size).toBe(all.length);
  for (const { character, words } of all) {
    expect(words, character).not.toBe("");
    expect(new TextEncoder().encode(character).length).toBeLessThanOrEqual(48);
  }
});

test("is found by the beginnings of its words", () => {
  expect(findEmoji("rock").map(({ character }) => character)).toContain("🚀");
  expect(findEmoji("heart gre").map(({ character }) => character)).toEqual(["💚"]);
  expect(findEmoji("nothing")).toEqual([]);
});

test("those used last come first, each once", () => {
  for (const emoji of ["👍", "🎉", "👍"]) noteUse(emoji);
  expect(readRecent()).toEqual(["👍", "🎉"]);
});
