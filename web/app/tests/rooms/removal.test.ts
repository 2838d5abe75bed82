import { expect, test } from "vitest";
import { explainRemoval } from "../../src/rooms/removal.ts";

const explain = (reason: string | null, state: "left" | "removed" = "removed") =>
  explainRemoval({ room: "lobby", state, reason });

test("who was kicked may come back, who was banned may not", () => {
  expect(explain("kicked").canJoin).toBe(true);
  expect(explain("banned").canJoin).toBe(false);
  expect(explain("room.banned")).toEqual(explain("banned"));
});

test("a room that was never joined is offered", () => {
  expect(explain(null, "left")).toMatchObject({ title: "Join #lobby?", canJoin: true });
});

test("a reason that is not known is told as it is", () => {
  expect(explain("room.strange").text).toContain("room.strange");
});
