import { expect, test } from "vitest";
import { cleanName, revealHidden } from "../../src/messages/hidden-text.ts";

test.each([
  ["a\u0000b", "a⟨U+0000⟩b"],
  ["a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"],
  ["line\nline\ttab", "line\nline\ttab"],
])("%j is shown as %j", (text, shown) => expect(revealHidden(text)).toBe(shown));

test.each([
  ["Ada\u202e\u200b", "Ada"],
  ["  Ada \n Lovelace ", "Ada Lovelace"],
  ["\u200b\u2060", ""],
])("the name %j is shown as %j", (name, shown) => expect(cleanName(name)).toBe(shown));
