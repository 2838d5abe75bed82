// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { showToast, Toasts } from "../../src/design/toasts.tsx";

const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  act(() => void vi.runAllTimers());
  cleanup();
  vi.useRealTimers();
});

function show(...args: Parameters<typeof showToast>) {
  const view = render(<Toasts />);
  act(() => showToast(...args));
  return view;
}

const wait = () => act(() => void vi.advanceTimersByTime(MINUTE_MS));

test("what was said in passing goes by itself", () => {
  const { queryByText } = show("Copied.");
  expect(queryByText("Copied.")).not.toBeNull();
  wait();
  expect(queryByText("Copied.")).toBeNull();
});

test.each([
  ["pointer is on it", "pointerEnter", "pointerLeave"],
  ["focus is in it", "focusIn", "focusOut"],
] as const)("it stays as long as the %s", (_, begin, end) => {
  const { getByText, queryByText } = show("Copied.");
  const toast = getByText("Copied.").parentElement as HTMLElement;
  fireEvent[begin](toast);
  wait();
  expect(queryByText("Copied.")).not.toBeNull();
  fireEvent[end](toast);
  wait();
  expect(queryByText("Copied.")).toBeNull();
});

test("what asks for an action stays until it is taken, or dismissed", () => {
  const run = vi.fn();
  const { getByText, getByLabelText, queryByText } = show("Ada invited you", { action: { label: "Open", run } });
  wait();
  fireEvent.click(getByText("Open"));
  expect(run).toHaveBeenCalledOnce();
  expect(queryByText("Ada invited you")).toBeNull();
  act(() => showToast("Grace invited you", { action: { label: "Open", run } }));
  wait();
  fireEvent.click(getByLabelText("Dismiss"));
  expect(queryByText("Grace invited you")).toBeNull();
});
