import { expect, test } from "vitest";
import { measureText } from "../../src/composer/text-limit.ts";

test.each([
  ["abc", 3],
  ["é", 2],
  ["👍", 4],
  ['"', 2],
  ["\n", 2],
  ["", 0],
])("%j takes %s bytes", (text, bytes) => expect(measureText(text)).toBe(bytes));
