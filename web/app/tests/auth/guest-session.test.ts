// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { restoreGuestSession, startGuestSession } from "../../src/auth/guest-session.ts";

const CONFIG = { ticketUrl: "/ticket", auth: "guest" } as const;

beforeEach(() => localStorage.clear());

test("a guest is the same one after a reload", () => {
  const started = startGuestSession(CONFIG, " Ada\u202e ");
  expect(restoreGuestSession(CONFIG)?.storageName).toBe(started.storageName);
  expect(localStorage.getItem("chat.guest")).toContain('"name":"Ada"');
});

test("signing out forgets the guest", async () => {
  await startGuestSession(CONFIG, "Ada").signOut();
  expect(restoreGuestSession(CONFIG)).toBeNull();
});

test("what is kept of the guest never carries the whole secret in a name", () => {
  const { storageName } = startGuestSession(CONFIG, "Ada");
  const { key } = JSON.parse(localStorage.getItem("chat.guest") ?? "{}") as { key: string };
  expect(key.length).toBeGreaterThanOrEqual(32);
  expect(storageName).not.toContain(key);
});
