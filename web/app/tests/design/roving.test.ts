import { expect, test } from "vitest";
import { findTarget } from "../../src/design/roving.ts";

test.each([
  ["ArrowDown", 2, 3, 1, 0],
  ["ArrowUp", 0, 3, 1, 2],
  ["ArrowDown", 1, 20, 8, 9],
  ["ArrowDown", 15, 20, 8, 19],
  ["ArrowLeft", 0, 20, 8, 0],
  ["Home", 5, 20, 8, 0],
  ["End", 5, 20, 8, 19],
  ["a", 5, 20, 8, null],
])("%s from %s of %s in lines of %s: %s", (key, at, count, columns, target) => {
  expect(findTarget(key, at, count, columns)).toBe(target);
});
