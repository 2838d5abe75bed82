// @vitest-environment happy-dom
import type { ChatClient, ChatEvent } from "@chat-stack/sdk";
import { expect, test, vi } from "vitest";
import { People } from "../../src/chat/people.ts";
import { showToast } from "../../src/design/toasts.tsx";
import { watchRooms } from "../../src/rooms/room-watch.ts";

vi.mock("../../src/design/toasts.tsx", () => ({ showToast: vi.fn() }));

function watch() {
  const [joined, rooms]: [string[], { room: string }[]] = [[], []];
  const loadPage = async () => void rooms.push(...Array.from({ length: 25 }, () => ({ room: `r${rooms.length}` })));
  let tell: (event: ChatEvent) => void = () => undefined;
  const client = {
    rooms: { getSnapshot: () => ({ rooms }), load: vi.fn(loadPage), loadMore: vi.fn(loadPage) },
    room: (name: string) => ({
      getSnapshot: () => ({ state: "left" }),
      join: async () => void joined.push(name),
    }),
    onEvent: (listener: typeof tell) => {
      tell = listener;
    },
  } as unknown as ChatClient;
  const onTold = vi.fn();
  watchRooms(client, new People(), onTold);
  return { joined, onTold, tell: (event: object) => tell(event as ChatEvent) };
}

test("a user's rooms are joined, of more than one page, and their list is told", async () => {
  const { joined, onTold, tell } = watch();
  tell({ type: "connection", state: "online" });
  expect(onTold).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(joined).toHaveLength(40));
  expect(onTold).toHaveBeenCalledOnce();
});

test("a device that keeps nothing is told of once", () => {
  const { tell } = watch();
  for (const id of ["a", "b"]) tell({ type: "unsaved", id, reason: "the disk is full" });
  expect(showToast).toHaveBeenCalledOnce();
});
