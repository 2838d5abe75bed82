// @vitest-environment happy-dom
import type { ChatClient } from "@chat-stack/sdk";
import { cleanup, renderHook } from "@testing-library/preact";
import type { ComponentChildren } from "preact";
import { afterEach, expect, test, vi } from "vitest";
import { type Chat, ChatProvider } from "../../src/chat/chat.ts";
import { createStore } from "../../src/chat/store.ts";
import { useIsClosed } from "../../src/shell/room-page.tsx";
import { SNAPSHOT } from "../fake-chat.tsx";

// It looks for React, for which the build puts Preact.
vi.mock("virtua", () => ({}));

afterEach(cleanup);

function isClosed(areRoomsTold: boolean, hasSaved: boolean): boolean {
  const chat = {
    client: { rooms: createStore({ rooms: [], hasMore: false }) } as unknown as ChatClient,
    savedRooms: [],
    areRoomsTold: createStore(areRoomsTold),
  } as Partial<Chat> as Chat;
  const wrapper = ({ children }: { children: ComponentChildren }) => (
    <ChatProvider value={chat}>{children}</ChatProvider>
  );
  return renderHook(() => useIsClosed({ ...SNAPSHOT, state: "left" }, hasSaved), { wrapper }).result.current;
}

test("what is kept of a room stands for it until the chat has told whether this user is in there", () => {
  expect(isClosed(false, true)).toBe(false);
  expect(isClosed(true, true)).toBe(true);
  expect(isClosed(false, false)).toBe(true);
});
