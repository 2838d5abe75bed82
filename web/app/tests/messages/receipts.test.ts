import { expect, test } from "vitest";
import { placeReceipts } from "../../src/messages/receipts.ts";
import { makeMessage } from "../fixtures.ts";

const messages = [makeMessage(2, { from: "me" }), makeMessage(5, { from: "me" }), makeMessage(9, { from: "grace" })];

test("a reader stands with the last message they have read", () => {
  expect(placeReceipts(messages, { ada: 7 }, "me")).toEqual(new Map([[5, ["ada"]]]));
});

test("nobody is told to have read their own message, and this user is not told at all", () => {
  expect(placeReceipts(messages, { grace: 9, me: 9 }, "me")).toEqual(new Map());
});

test("who has read less than what is loaded stands nowhere", () => {
  expect(placeReceipts(messages, { ada: 1 }, "me").size).toBe(0);
});
