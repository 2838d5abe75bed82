// @vitest-environment happy-dom
import { cleanup, renderHook } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useFillUp } from "../../src/messages/use-list-scroll.ts";

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function fillUp(place: { scrollTop: number; clientHeight: number }, hasOlder = true) {
  const loadOlder = vi.fn();
  const scroller = { current: place as HTMLElement };
  const view = renderHook(() => useFillUp(scroller, { messages: [], hasOlder }, loadOlder));
  vi.advanceTimersByTime(1000);
  return { loadOlder, ...view };
}

test("a list that can't be scrolled up loads older messages, again after a page that brought none", () => {
  const { loadOlder, rerender } = fillUp({ scrollTop: 0, clientHeight: 500 });
  expect(loadOlder).toHaveBeenCalledOnce();
  rerender();
  vi.advanceTimersByTime(1000);
  expect(loadOlder).toHaveBeenCalledTimes(2);
});

test.each([
  ["stands further down", { scrollTop: 900, clientHeight: 500 }, true],
  ["is not shown", { scrollTop: 0, clientHeight: 0 }, true],
  ["has all of them", { scrollTop: 0, clientHeight: 500 }, false],
])("one that %s loads none", (_, place, hasOlder) => {
  expect(fillUp(place, hasOlder).loadOlder).not.toHaveBeenCalled();
});
