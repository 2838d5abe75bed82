import { expect, test } from "vitest";
import { findMessage, readReply } from "../../src/messages/replies.ts";
import { makeMessage } from "../fixtures.ts";

test.each([
  [{ replyTo: 7 }, 7],
  [{ replyTo: "7" }, null],
  [{ replyTo: -1 }, null],
  [{ replyTo: 1.5 }, null],
  [{}, null],
  [null, null],
])("%j answers %s", (meta, seq) => expect(readReply(meta)).toBe(seq));

test("finds a message among numbers with gaps", () => {
  const messages = [1, 4, 5, 9, 12].map((seq) => makeMessage(seq));
  expect([1, 9, 12].map((seq) => findMessage(messages, seq)?.seq)).toEqual([1, 9, 12]);
  expect([0, 3, 13].map((seq) => findMessage(messages, seq))).toEqual([null, null, null]);
});
