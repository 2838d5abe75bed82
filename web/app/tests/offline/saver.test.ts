// @vitest-environment happy-dom
import type { ChatClient, ChatEvent } from "@chat-stack/sdk";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { People } from "../../src/chat/people.ts";
import { createStore } from "../../src/chat/store.ts";
import type { SavedChat } from "../../src/offline/saved-chat.ts";
import { keepSaved } from "../../src/offline/saver.ts";
import { makeMessage } from "../fixtures.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is shown is kept, and forgotten with a room that is left", async () => {
  const rooms = createStore({ rooms: [], hasMore: false });
  let room = { state: "joined", messages: [makeMessage(1)] };
  let tell: (event: ChatEvent) => void = () => undefined;
  const client = {
    rooms,
    room: () => ({ getSnapshot: () => room }),
    connection: { getSnapshot: () => ({ user: { user: "me", name: "Me" } }) },
    onEvent: (listener: typeof tell) => {
      tell = listener;
      return () => undefined;
    },
  } as unknown as ChatClient;
  const written: unknown[] = [];
  const saved = { write: async (_: unknown, messages: unknown) => void written.push(messages) } as unknown as SavedChat;
  const end = keepSaved(saved, client, new People());
  tell({ type: "message", room: "lobby" } as ChatEvent);
  await vi.advanceTimersByTimeAsync(2000);
  room = { state: "left", messages: [] };
  rooms.set({ rooms: [], hasMore: false });
  await vi.advanceTimersByTimeAsync(2000);
  expect(written).toEqual([new Map([["lobby", [makeMessage(1)]]]), new Map([["lobby", []]])]);
  end();
});
