// @vitest-environment happy-dom
import type { ChatClient } from "@chat-stack/sdk";
import { beforeEach, expect, test, vi } from "vitest";
import { tellIfHidden } from "../../src/shell/attention.ts";
import { notify } from "../../src/shell/notifications.ts";

vi.mock("../../src/shell/notifications.ts", () => ({ notify: vi.fn() }));

const ME = { user: "me", name: "Me" };

function tell(seq: number, read: number | null, from = "ada") {
  const client = { room: () => ({ getSnapshot: () => ({ read }) }) } as unknown as ChatClient;
  const said = { type: "message", id: "1", from, name: "Ada", at: 0, text: "**hi**" } as const;
  tellIfHidden({ client, me: ME }, { ...said, seq, room: "lobby", epoch: "e1" });
}

beforeEach(() => {
  vi.mocked(notify).mockClear();
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
});

test("what is new while the page is hidden is told", () => {
  tell(8, 7);
  expect(notify).toHaveBeenCalledWith({ title: "Ada in #lobby", body: "hi", hash: "#/r/lobby" });
});

test("somebody's first words, in a room of which nothing is known, are told", () => {
  tell(1, null);
  expect(notify).toHaveBeenCalledOnce();
});

test("what was read before, and what this user wrote, is not", () => {
  tell(7, 7);
  tell(8, 7, "me");
  expect(notify).not.toHaveBeenCalled();
});

test("nothing is told while the page is shown", () => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(false);
  tell(8, 7);
  expect(notify).not.toHaveBeenCalled();
});
