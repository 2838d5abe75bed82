import { expect, test } from "vitest";
import { applyChanges } from "../../src/messages/changes.ts";
import { makeMessage, makeWrite } from "../fixtures.ts";

test("an edit shows at once", () => {
  const shown = applyChanges(makeMessage(1), [makeWrite({ action: "edit", target: 1, text: "new" })], "me");
  expect(shown).toMatchObject({ text: "new", isEdited: true, isSaving: true, failed: null });
});

test("a deletion takes the text away at once", () => {
  const shown = applyChanges(makeMessage(1), [makeWrite({ action: "delete", target: 1 })], "me");
  expect(shown).toMatchObject({ text: null, isDeleted: true });
});

test("a refused change leaves the message, and tells", () => {
  const failed = makeWrite({ action: "edit", target: 1, text: "new", state: "failed" });
  const shown = applyChanges(makeMessage(1), [failed], "me");
  expect(shown).toMatchObject({ text: "text 1", failed, isSaving: false });
});

test("reactions are added once and taken back", () => {
  const message = makeMessage(1, { reactions: { "👍": ["me", "ada"], "🎉": ["me"] } });
  const add = makeWrite({ action: "react", target: 1, emoji: "👍" });
  const remove = makeWrite({ action: "react", target: 1, emoji: "🎉", remove: true });
  const { reactions } = applyChanges(message, [add, remove], "me");
  expect(reactions).toEqual([{ emoji: "👍", users: ["ada", "me"], isMine: true }]);
});
