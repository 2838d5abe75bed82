// @vitest-environment happy-dom
import type { ChatMessage, PendingWrite, RoomSnapshot } from "@chat-stack/sdk";
import { cleanup, fireEvent, render } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { MessageItem } from "../../src/messages/message-item.tsx";
import { InRoom, makeRoom } from "../fake-chat.tsx";
import { makeMessage, makeWrite } from "../fixtures.ts";

afterEach(cleanup);

interface Options {
  message?: ChatMessage;
  changes?: readonly PendingWrite[];
  access?: RoomSnapshot["access"];
}

function show({ message = makeMessage(1), changes = [], access = "write" }: Options = {}) {
  const { room, calls } = makeRoom({ access });
  const setTarget = vi.fn();
  const view = render(
    <InRoom room={room} scope={{ setTarget }}>
      <MessageItem
        rowKey="key"
        message={message}
        changes={changes}
        isFirst
        repliedSeq={null}
        replied={null}
        readers={undefined}
        isFocusable
        isShown={false}
      />
    </InRoom>,
  );
  return { ...view, calls, setTarget, item: view.getByRole("article") };
}

test("is named by who, when and what", () => {
  expect(show().item.getAttribute("aria-label")).toMatch(/^Ada, .*: text 1$/);
});

test("somebody else's message can be answered, and neither edited nor deleted", () => {
  const { queryByLabelText, item, setTarget } = show();
  expect([queryByLabelText("Edit"), queryByLabelText("Delete")]).toEqual([null, null]);
  fireEvent.keyDown(item, { key: "r" });
  expect(setTarget).toHaveBeenCalledWith({ kind: "reply", message: expect.objectContaining({ seq: 1 }) });
});

test("who moderates may delete it", () => expect(show({ access: "moderate" }).getByLabelText("Delete")).toBeTruthy());

test("a reader can do nothing about it", () => {
  expect(show({ access: "read" }).queryByRole("toolbar")).toBeNull();
});

test("a reaction is given by a click, and taken back by another", () => {
  const message = makeMessage(1, { reactions: { "🎉": ["me"] } });
  const { getByLabelText, calls } = show({ message });
  fireEvent.click(getByLabelText("React with 👍"));
  fireEvent.click(getByLabelText("🎉 1: you"));
  expect(calls).toEqual(['react 1,"👍",{"remove":false}', 'react 1,"🎉",{"remove":true}']);
});

test("a change that was refused can be made again, or given up", () => {
  const failed = makeWrite({ id: "w", action: "edit", target: 1, state: "failed", canRetry: true });
  const { getByText, calls } = show({ changes: [failed] });
  fireEvent.click(getByText("Retry"));
  fireEvent.click(getByText("Dismiss"));
  expect(calls).toEqual(['retry "w"', 'discard "w"']);
});

test("a deleted message shows nothing of itself", () => {
  const message = makeMessage(1, { text: null, deleted: true, reactions: { "👍": ["ada"] } });
  const { item, queryByText } = show({ message });
  expect(item.textContent).toContain("Message deleted");
  expect(queryByText("👍")).toBeNull();
});
