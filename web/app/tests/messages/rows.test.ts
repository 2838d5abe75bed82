import { expect, test } from "vitest";
import { buildRows, type RowSource } from "../../src/messages/rows.ts";
import { MINUTE_MS, makeMessage, makeWrite, NOON } from "../fixtures.ts";

const DAY_MS = 24 * 60 * MINUTE_MS;

function build(source: Partial<RowSource>) {
  return buildRows({ messages: [], pending: [], me: "me", unreadAfter: null, expiredAfter: null, ...source });
}

function kinds(source: Partial<RowSource>): string[] {
  return build(source).map((row) =>
    row.kind === "message" ? `${row.message.seq}${row.isFirst ? " first" : ""}` : row.kind,
  );
}

test("messages of one person in a row are a group, for five minutes", () => {
  const messages = [
    makeMessage(1, { at: NOON }),
    makeMessage(2, { at: NOON + MINUTE_MS }),
    makeMessage(3, { at: NOON + 7 * MINUTE_MS }),
    makeMessage(4, { at: NOON + 7 * MINUTE_MS, from: "grace" }),
  ];
  expect(kinds({ messages })).toEqual(["day", "1 first", "2", "3 first", "4 first"]);
});

test("each day begins with a separator", () => {
  const messages = [makeMessage(1, { at: NOON }), makeMessage(2, { at: NOON + DAY_MS })];
  expect(kinds({ messages })).toEqual(["day", "1 first", "day", "2 first"]);
});

test("the unread marker stands before the first unread message of somebody else", () => {
  const messages = [makeMessage(1), makeMessage(2, { from: "me" }), makeMessage(3), makeMessage(4)];
  expect(kinds({ messages, unreadAfter: 1 })).toEqual(["day", "1 first", "2 first", "unread", "3 first", "4"]);
});

test("there is no unread marker where only this user wrote", () => {
  expect(kinds({ messages: [makeMessage(1, { from: "me" })], unreadAfter: 0 })).toEqual(["day", "1 first"]);
});

test("what has expired leaves a mark", () => {
  expect(kinds({ messages: [makeMessage(1), makeMessage(9)], expiredAfter: 1 })).toEqual([
    "day",
    "1 first",
    "expired",
    "9 first",
  ]);
});

test("a pending message keeps its key when it is stored", () => {
  const pending = build({ pending: [makeWrite({ id: "x" })] }).at(-1);
  const stored = build({ messages: [makeMessage(1, { from: "me", id: "x" })] }).at(-1);
  expect(pending?.kind).toBe("pending");
  expect(stored?.key).toBe(pending?.key);
});

test("pending changes stand with their message, not as lines of their own", () => {
  const edit = makeWrite({ action: "edit", target: 1, text: "new" });
  const rows = build({ messages: [makeMessage(1)], pending: [edit] });
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatchObject({ kind: "message", changes: [edit] });
});
