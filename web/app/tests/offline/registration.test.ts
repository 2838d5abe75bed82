// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { keepUpToDate } from "../../src/offline/registration.ts";

const HOUR_MS = 3_600_000;

afterEach(() => void vi.useRealTimers());

function look(isHidden: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(isHidden);
  document.dispatchEvent(new Event("visibilitychange"));
}

test("a newer version is asked for when the app is looked at again, once an hour", () => {
  vi.useFakeTimers();
  const update = vi.fn(() => Promise.reject(new TypeError("no network")));
  keepUpToDate({ update });
  look(false);
  vi.advanceTimersByTime(HOUR_MS);
  look(true);
  expect(update).not.toHaveBeenCalled();
  look(false);
  look(false);
  expect(update).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(HOUR_MS);
  look(false);
  expect(update).toHaveBeenCalledTimes(2);
});
