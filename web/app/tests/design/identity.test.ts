import { expect, test } from "vitest";
import { findHue, findInitials } from "../../src/design/identity.ts";

test.each([
  ["Ada Lovelace", "AL"],
  ["ada", "A"],
  ["Ana María de Souza", "AS"],
  ["👩‍💻 dev", "👩D"],
  ["", "?"],
])("%s: %s", (name, initials) => expect(findInitials(name)).toBe(initials));

test("a hue is always the same, and within the circle", () => {
  expect(findHue("ada")).toBe(findHue("ada"));
  for (const id of ["", "ada", "grace", "x".repeat(48)]) expect(findHue(id)).toBeLessThan(360);
});
