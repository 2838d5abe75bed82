import { expect, test } from "vitest";
import { summarize } from "../../src/rooms/room-preview.ts";
import { makeMessage } from "../fixtures.ts";

const reader = { me: "me", isDirect: false, nameOf: () => "Ada" };

test("tells who, unless that is plain", () => {
  expect(summarize(makeMessage(1, { text: "**hi**" }), reader)).toBe("Ada: hi");
  expect(summarize(makeMessage(1, { text: "hi" }), { ...reader, isDirect: true })).toBe("hi");
  expect(summarize(makeMessage(1, { text: "hi", from: "me" }), reader)).toBe("You: hi");
  expect(summarize(makeMessage(1, { text: null }), reader)).toBe("Ada: deleted a message");
});
