// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { restoreSession } from "../src/auth/session.ts";
import { Drafts } from "../src/chat/drafts.ts";
import { loadConfig } from "../src/config.ts";
import { onDevice } from "../src/storage.ts";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** As browsers do that are told to keep nothing: it is the property that throws. */
function forbidStorage(): void {
  for (const name of ["localStorage", "sessionStorage"]) {
    vi.stubGlobal(name, undefined);
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get: () => {
        throw new DOMException("forbidden", "SecurityError");
      },
    });
  }
}

test("what is written is read, until it is removed", () => {
  onDevice.write("key", "text");
  expect(onDevice.read("key")).toBe("text");
  onDevice.remove("key");
  expect(onDevice.read("key")).toBeNull();
});

test("the app starts where the browser forbids to keep anything", async () => {
  forbidStorage();
  const config = await loadConfig(async () => new Response('{"ticketUrl":"/ticket","auth":"guest"}'));
  expect(restoreSession(config)).toBeNull();
  const { applyTheme, theme } = await import("../src/design/theme.ts");
  applyTheme();
  expect(theme.getSnapshot()).toBe("system");
  const drafts = new Drafts("ada");
  drafts.write("lobby", "half a sentence");
  expect(drafts.read("lobby")).toBe("half a sentence");
});
