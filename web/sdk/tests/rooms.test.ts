import { describe, expect, it } from "vitest";
import { nameDirectRoom } from "../src/index.ts";
import { enterRoom, makeHarness, textsOf } from "./support/harness.ts";
import { FakeServer } from "./support/server.ts";

describe("joining and leaving", () => {
  it("begins at a position where one is given", async () => {
    const server = new FakeServer();
    for (let count = 0; count < 5; count++) server.store("lobby");
    const { client, time } = makeHarness({ server });
    client.connect();
    void client.room("lobby").join({ after: 3, epoch: "e1" });
    await time.advance(0);
    expect(textsOf(client.room("lobby"))).toEqual(["text 4", "text 5"]);
    expect(client.room("lobby").getSnapshot().hasOlder).toBe(true);
  });

  it("joins once, however often it is asked to", async () => {
    const { client, server, time } = makeHarness();
    client.connect();
    const joins = [client.room("lobby").join(), client.room("lobby").join()];
    await time.advance(0);
    await Promise.all([...joins, client.room("lobby").join()]);
    expect(server.said("join")).toHaveLength(1);
  });

  it("leaves, forgets, and does not come back", async () => {
    const { room, server, time, client } = await enterRoom();
    server.say("lobby");
    server.ignores = ({ action }) => action === "members";
    const members = room.members();
    void room.leave();
    await expect(members).rejects.toMatchObject({ code: "client.left" });
    await time.advance(0);
    expect(room.getSnapshot()).toMatchObject({ state: "left", messages: [], reason: null });
    expect(client.rooms.getSnapshot().rooms).toEqual([]);
    server.socket.cut();
    await time.advance(2_000);
    expect(server.said("join")).toHaveLength(1);
  });

  it("joins again after a leave that is under way", async () => {
    const { room, server, time } = await enterRoom();
    server.ignores = ({ action }) => action === "leave";
    void room.leave();
    const joining = room.join();
    await time.advance(100);
    expect(server.socket.said.map(({ action }) => action)).toEqual(["join", "leave"]);
    server.tell({ type: "left", id: server.said("leave")[0]?.id, room: "lobby" });
    await time.advance(0);
    await joining;
    expect(server.socket.said.map(({ action }) => action)).toEqual(["join", "leave", "join"]);
    expect(room.getSnapshot().state).toBe("joined");
  });

  it("leaves once there is a connection, where there was none or the answer was lost", async () => {
    const { room, server, time, client } = await enterRoom();
    server.say("lobby");
    server.socket.cut();
    const leaving = room.leave();
    expect(room.getSnapshot()).toMatchObject({ state: "left", messages: [] });
    server.ignores = ({ action }) => action === "leave";
    await time.advance(1_000);
    server.socket.cut();
    server.ignores = () => false;
    await time.advance(2_000);
    await leaving;
    const [first] = server.said("leave");
    expect(server.said("leave")).toEqual([first, first]);
    expect(server.said("join")).toHaveLength(1);
    expect(client.rooms.getSnapshot().rooms).toEqual([]);
  });

  it("is not brought back by a list of before it left", async () => {
    const { room, server, time, client } = await enterRoom();
    server.store("news");
    server.ignores = ({ action }) => action === "leave";
    void room.leave();
    void client.rooms.load();
    await time.advance(0);
    expect(client.rooms.getSnapshot().rooms.map(({ room }) => room)).toEqual(["news"]);
  });

  it("ends with the code of the error that a join is answered with", async () => {
    const { client, server, time, events } = await enterRoom();
    server.ignores = ({ room }) => room === "crew";
    const joining = client.room("crew").join();
    await time.advance(0);
    server.refuse(server.said("join").at(-1) ?? {}, "room.private");
    await expect(joining).rejects.toMatchObject({ code: "room.private", message: "room.private!" });
    expect(client.room("crew").getSnapshot()).toMatchObject({ state: "removed", reason: "room.private" });
    expect(events.at(-1)).toEqual({ type: "removed", room: "crew", reason: "room.private" });
  });
});

describe("being put out", () => {
  it("ends a room with the reason, and what waits for it", async () => {
    const { room, server, time } = await enterRoom();
    server.ignores = ({ action }) => action === "send";
    room.send("hi");
    await time.advance(0);
    server.tell({ type: "removed", room: "lobby", reason: "kicked" });
    expect(room.getSnapshot()).toMatchObject({ state: "removed", reason: "kicked" });
    expect(room.getSnapshot().pending).toMatchObject([
      { state: "failed", canRetry: true, error: { code: "client.removed" } },
    ]);
    server.socket.cut();
    await time.advance(2_000);
    expect(server.said("join")).toHaveLength(1);
  });

  it("is found by the sync where nobody told", async () => {
    const { room, server, time } = await enterRoom();
    server.ignores = ({ action }) => action === "sync";
    await time.advance(8_000);
    const error = { code: "room.banned" as const, message: "banned", retryable: false };
    server.tell({ type: "synced", id: server.said("sync")[0]?.id, rooms: { lobby: { error } } });
    expect(room.getSnapshot()).toMatchObject({ state: "removed", reason: "room.banned" });
  });

  it("is no end where an order is not allowed", async () => {
    const { room, server, time } = await enterRoom();
    server.ignores = ({ action }) => action === "kick";
    const kick = room.kick("bob");
    await time.advance(0);
    server.refuse(server.said("kick")[0] ?? {}, "room.not_allowed");
    await expect(kick).rejects.toMatchObject({ code: "room.not_allowed" });
    expect(room.getSnapshot().state).toBe("joined");
  });
});

describe("direct rooms", () => {
  it("are joined by what is said there", async () => {
    const { client, server, time } = await enterRoom();
    for (let count = 0; count < 3; count++) server.store("dm:ada:bob");
    server.say("dm:ada:bob", { text: "psst" });
    await time.advance(0);
    const room = client.room("dm:ada:bob");
    expect(textsOf(room)).toEqual(["psst"]);
    expect(room.getSnapshot()).toMatchObject({ state: "joined", hasOlder: true });
    void room.loadOlder();
    await time.advance(0);
    expect(textsOf(room)).toEqual(["text 1", "text 2", "text 3", "psst"]);
    expect(client.rooms.getSnapshot().rooms.map((summary) => summary.room)).toEqual(["dm:ada:bob", "lobby"]);
  });

  it("have one name for both", () => {
    expect(nameDirectRoom("bob", "ada")).toBe("dm:ada:bob");
    expect(nameDirectRoom("ada", "bob")).toBe("dm:ada:bob");
  });
});

describe("what others do", () => {
  it("is shown: typing, for a while", async () => {
    const { room, server, time } = await enterRoom();
    server.tell({ type: "typing", room: "lobby", user: "bob", name: "Bob" });
    server.tell({ type: "typing", room: "lobby", user: "carl", name: "Carl" });
    expect(room.getSnapshot().typing).toEqual([
      { user: "bob", name: "Bob" },
      { user: "carl", name: "Carl" },
    ]);
    server.say("lobby");
    expect(room.getSnapshot().typing).toEqual([{ user: "carl", name: "Carl" }]);
    await time.advance(5_000);
    expect(room.getSnapshot().typing).toEqual([]);
  });

  it("is shown: coming, going and reading", async () => {
    const { room, server } = await enterRoom();
    server.say("lobby");
    server.tell({ type: "presence", room: "lobby", user: "carl", name: "Carl", state: "joined" });
    expect(room.getSnapshot().memberCount).toBe(3);
    server.tell({ type: "presence", room: "lobby", user: "carl", name: "Carl", state: "left" });
    server.tell({ type: "read", room: "lobby", user: "bob", seq: 1 });
    expect(room.getSnapshot()).toMatchObject({ memberCount: 2, readBy: { bob: 1 } });
  });

  it("is told: an invitation, which puts the room on the list, and being muted", async () => {
    const { client, server, events, time } = await enterRoom();
    server.tell({ type: "invited", room: "crew", user: "bob", name: "Bob" });
    server.tell({ type: "muted", room: "lobby", seconds: 60 });
    expect(client.rooms.getSnapshot().rooms[0]).toMatchObject({ room: "crew" });
    expect(client.room("lobby").getSnapshot().mutedUntilMs).toBe(time.wallMs + 60_000);
    server.tell({ type: "muted", room: "lobby", seconds: 0 });
    expect(client.room("lobby").getSnapshot().mutedUntilMs).toBeNull();
    expect(events.slice(-3).map(({ type }) => type)).toEqual(["invited", "muted", "muted"]);
  });
});

describe("being muted", () => {
  it("ends by itself, and without a connection too", async () => {
    const { room, server, time } = await enterRoom();
    const seen: (number | null)[] = [];
    server.tell({ type: "muted", room: "lobby", seconds: 60 });
    room.subscribe(() => seen.push(room.getSnapshot().mutedUntilMs));
    server.opens = false;
    server.socket.cut();
    await time.advance(59_999);
    expect(room.getSnapshot().mutedUntilMs).toBe(time.wallMs + 1);
    await time.advance(1);
    expect(room.getSnapshot().mutedUntilMs).toBeNull();
    expect(seen.at(-1)).toBeNull();
  });

  it("for a year sets no timer that goes off at once", async () => {
    const { room, client, server, time } = await enterRoom();
    server.tell({ type: "muted", room: "lobby", seconds: 31_536_000 });
    client.close();
    expect(time.longestMs).toBeLessThan(2 ** 31);
    await time.advance(366 * 24 * 3_600_000);
    expect(room.getSnapshot().mutedUntilMs).toBeNull();
  });
});

describe("reading and typing", () => {
  it("tells the server the last seq that was read, a short while later", async () => {
    const { room, server, time, client } = await enterRoom();
    for (let count = 0; count < 4; count++) server.say("lobby");
    void client.rooms.load();
    await time.advance(0);
    expect(room.getSnapshot()).toMatchObject({ read: 0, unread: 4 });
    room.markRead(2);
    room.markRead(3);
    room.markRead(1);
    expect(room.getSnapshot()).toMatchObject({ read: 3, unread: 1 });
    await time.advance(1_900);
    expect(server.said("read")).toEqual([]);
    await time.advance(200);
    expect(server.said("read")).toMatchObject([{ room: "lobby", seq: 3 }]);
    room.markRead();
    await time.advance(3_000);
    expect(server.said("read").at(-1)).toMatchObject({ seq: 4 });
    server.tell({ type: "read", room: "lobby", user: "ada", seq: 4 });
    expect(client.rooms.getSnapshot().rooms).toMatchObject([{ room: "lobby", head: 4, read: 4, unread: 0 }]);
  });

  it("says once in three seconds that the user is typing", async () => {
    const { room, server, time } = await enterRoom();
    for (let count = 0; count < 35; count++) {
      room.typing();
      await time.advance(100);
    }
    expect(server.said("typing")).toHaveLength(2);
  });
});

describe("orders", () => {
  it("are asked and answered", async () => {
    const { room, client, server, time } = await enterRoom();
    const orders = [room.create({ private: true }), room.invite("bob"), room.remove("bob"), room.kick("bob")];
    orders.push(room.ban("bob"), room.unban("bob"), room.mute("bob", 60), client.ban("bob"), client.unban("bob"));
    const members = room.members();
    await time.advance(0);
    await Promise.all(orders);
    expect(room.getSnapshot()).toMatchObject({ access: "moderate", isPrivate: true });
    expect((await members).members).toEqual([{ user: "ada", name: "Ada" }]);
    expect(server.said("mute")).toMatchObject([{ room: "lobby", user: "bob", seconds: 60 }]);
    expect(server.said("ban").map(({ room }) => room)).toEqual(["lobby", undefined]);
  });

  it("are refused for rooms that were not joined", async () => {
    const { client } = await enterRoom();
    await expect(client.room("elsewhere").kick("bob")).rejects.toMatchObject({ code: "room.not_joined" });
  });
});

describe("the list", () => {
  it("has the pages that were asked for, and what was joined on top", async () => {
    const { client, server, time } = await enterRoom();
    server.ignores = ({ action }) => action === "rooms";
    const answer = (rooms: string[], next: string | null) => {
      const listed = rooms.map((room) => ({ room, head: 3, read: 1, unread: 2 }));
      server.tell({ type: "rooms", id: server.said("rooms").at(-1)?.id, rooms: listed, next });
    };
    const names = () => client.rooms.getSnapshot().rooms.map(({ room }) => room);
    void client.rooms.load();
    answer(["news", "lobby"], "more");
    expect(client.rooms.getSnapshot().hasMore).toBe(true);
    void client.rooms.loadMore();
    expect(server.said("rooms").at(-1)).toMatchObject({ next: "more" });
    answer(["old"], null);
    expect(names()).toEqual(["news", "lobby", "old"]);
    expect(client.rooms.getSnapshot()).toMatchObject({ hasMore: false, rooms: [{ room: "news", unread: 2 }, {}, {}] });
    await client.rooms.loadMore();
    void client.room("fresh").join();
    await time.advance(0);
    expect(names()).toEqual(["fresh", "news", "lobby", "old"]);
    void client.rooms.load();
    answer(["fresh", "lobby"], null);
    expect(names()).toEqual(["fresh", "lobby"]);
  });
});
