// @vitest-environment happy-dom
import type { ChatClient, ChatEvent } from "@chat-stack/sdk";
import { expect, test, vi } from "vitest";
import { People } from "../../src/chat/people.ts";
import { showToast } from "../../src/design/toasts.tsx";
import { watchRooms } from "../../src/rooms/room-watch.ts";

vi.mock("../../src/design/toasts.tsx", () => ({ showToast: vi.fn() }));

const [PAGE, ALL] = [25, 110];

/** The list of a user who is in many rooms. */
function makeList() {
  let count = 0;
  const loadTo = async (end: number) => {
    // An answer of the chat's comes alone.
    await new Promise((resolve) => setTimeout(resolve));
    count = Math.min(end, ALL);
  };
  return {
    getSnapshot: () => ({
      rooms: Array.from({ length: count }, (_, index) => ({ room: `r${index}` })),
      hasMore: count < ALL,
    }),
    load: () => loadTo(PAGE),
    loadMore: () => loadTo(count + PAGE),
  };
}

function watch() {
  const joined = new Set<string>();
  let tell: (event: ChatEvent) => void = () => undefined;
  const rooms = makeList();
  const client = {
    rooms,
    room: (name: string) => ({
      getSnapshot: () => ({ state: joined.has(name) ? "joined" : "left" }),
      join: async () => void joined.add(name),
    }),
    onEvent: (listener: typeof tell) => {
      tell = listener;
    },
  } as unknown as ChatClient;
  const onTold = vi.fn();
  watchRooms(client, new People(), onTold);
  return { rooms, joined, onTold, tell: (event: object) => tell(event as ChatEvent) };
}

test("a user's rooms are joined, of more than one page, and their list is told", async () => {
  const { joined, onTold, tell } = watch();
  tell({ type: "connection", state: "online" });
  expect(onTold).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(joined.size).toBe(40));
  expect(onTold).toHaveBeenCalledOnce();
});

async function showPages(rooms: ReturnType<typeof makeList>, pages: number) {
  await rooms.load();
  for (let page = 1; page < pages; page += 1) await rooms.loadMore();
}

test("a refresh of the list keeps as many rooms as were shown", async () => {
  const { rooms, onTold, tell } = watch();
  await showPages(rooms, 4);
  tell({ type: "connection", state: "online" });
  await vi.waitFor(() => expect(onTold).toHaveBeenCalledOnce());
  expect(rooms.getSnapshot().rooms).toHaveLength(4 * PAGE);
});

test("a refresh waits for the end of the one before", async () => {
  const { rooms, onTold, tell } = watch();
  await showPages(rooms, 4);
  const { loadMore } = rooms;
  rooms.loadMore = () => {
    const answer = loadMore();
    if (rooms.getSnapshot().rooms.length < 3 * PAGE) return answer;
    rooms.loadMore = loadMore;
    tell({ type: "invited", room: "r1", user: "ada" });
    return answer;
  };
  tell({ type: "connection", state: "online" });
  await vi.waitFor(() => expect(onTold).toHaveBeenCalledTimes(2));
  expect(rooms.getSnapshot().rooms).toHaveLength(4 * PAGE);
});

test("a device that keeps nothing is told of once", () => {
  vi.mocked(showToast).mockClear();
  const { tell } = watch();
  for (const id of ["a", "b"]) tell({ type: "unsaved", id, reason: "the disk is full" });
  expect(showToast).toHaveBeenCalledOnce();
});
