// @vitest-environment happy-dom
import type { ChatMessage } from "@chat-stack/sdk";
import { cleanup, render } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RowView } from "../../src/messages/row-view.tsx";
import { InRoom, makeRoom } from "../fake-chat.tsx";
import { makeMessage } from "../fixtures.ts";

/** A time that no date can be made of. */
const BROKEN = makeMessage(2, { at: Number.NaN });

beforeEach(() => void vi.spyOn(console, "error").mockReturnValue());

afterEach(cleanup);

function Messages({ messages }: { messages: readonly ChatMessage[] }) {
  const rows = messages.map(
    (message) => ({ kind: "message", key: message.id, message, isFirst: true, changes: [] }) as const,
  );
  return (
    <InRoom room={makeRoom().room}>
      {rows.map((row) => (
        <RowView key={row.key} row={row} messages={messages} readers={undefined} isFocusable={false} isShown={false} />
      ))}
    </InRoom>
  );
}

test("a message that can't be rendered says so, and the others stay", () => {
  const { getAllByRole } = render(<Messages messages={[makeMessage(1), BROKEN, makeMessage(3)]} />);
  const names = getAllByRole("article").map((item) => item.getAttribute("aria-label"));
  expect(names).toEqual([
    expect.stringContaining("text 1"),
    "This message can't be shown.",
    expect.stringContaining("text 3"),
  ]);
});

test("a message is shown once it can be", () => {
  const { getByText, rerender, queryByText } = render(<Messages messages={[BROKEN]} />);
  expect(getByText("This message can't be shown.")).toBeTruthy();
  rerender(<Messages messages={[makeMessage(2)]} />);
  expect(getByText("text 2")).toBeTruthy();
  expect(queryByText("This message can't be shown.")).toBeNull();
});
