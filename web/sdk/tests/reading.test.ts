import { describe, expect, it } from "vitest";
import type { Entry, ServerFrame } from "../src/index.ts";
import { enterRoom, textsOf } from "./support/harness.ts";
import { FakeServer } from "./support/server.ts";

describe("order", () => {
  it("shows the newest entries first, then what is pushed", async () => {
    const server = new FakeServer();
    for (let count = 0; count < 3; count++) server.store("lobby");
    const { room } = await enterRoom({ server });
    server.say("lobby");
    expect(textsOf(room)).toEqual(["text 1", "text 2", "text 3", "text 4"]);
    expect(room.getSnapshot()).toMatchObject({ state: "joined", head: 4, hasOlder: false, memberCount: 2 });
  });

  it("holds what overtakes, and shows it in its place", async () => {
    const { room, server, events } = await enterRoom();
    const [one, two, three] = [server.store("lobby"), server.store("lobby"), server.store("lobby")];
    for (const entry of [three, two]) server.push("lobby", entry);
    expect(textsOf(room)).toEqual([]);
    server.push("lobby", one);
    expect(textsOf(room)).toEqual(["text 1", "text 2", "text 3"]);
    expect(events.filter(({ type }) => type === "message")).toHaveLength(3);
  });

  it("drops what it has shown", async () => {
    const { room, server, events } = await enterRoom();
    const entry = server.say("lobby");
    server.push("lobby", entry);
    expect(textsOf(room)).toEqual(["text 1"]);
    expect(events.filter(({ type }) => type === "message")).toHaveLength(1);
  });

  it("takes the events of a batch one after the other", async () => {
    const { room, server } = await enterRoom();
    const events = [server.store("lobby"), server.store("lobby")].map((entry) => ({
      ...entry,
      room: "lobby",
      epoch: "e1",
    }));
    server.socket.receive(JSON.stringify({ type: "batch", events }));
    expect(textsOf(room)).toEqual(["text 1", "text 2"]);
  });
});

describe("gaps", () => {
  it("asks for a number that is missing for half a second", async () => {
    const { room, server, time } = await enterRoom();
    server.store("lobby");
    server.say("lobby");
    await time.advance(499);
    expect(server.said("history")).toEqual([]);
    await time.advance(1);
    expect(server.said("history")).toMatchObject([{ after: 0 }]);
    expect(textsOf(room)).toEqual(["text 1", "text 2"]);
  });

  it("asks again where the answer is lost, and not sooner", async () => {
    const { room, server, time } = await enterRoom();
    let isLost = true;
    server.loses = (frame) => frame.type === "history" && isLost;
    server.store("lobby");
    server.say("lobby");
    await time.advance(5_000);
    expect(server.said("history")).toHaveLength(1);
    isLost = false;
    await time.advance(5_600);
    expect(new Set(server.said("history").map(({ id }) => id)).size).toBe(1);
    expect(textsOf(room)).toEqual(["text 1", "text 2"]);
  });

  it("skips a number that is missing in a page, and says where entries have expired", async () => {
    const { room, server, time, events } = await enterRoom();
    for (let count = 0; count < 5; count++) server.store("lobby");
    const { entries } = server.log("lobby");
    entries.splice(0, 2);
    entries.splice(1, 1);
    server.push("lobby", entries.at(-1) as Entry);
    await time.advance(500);
    expect(textsOf(room)).toEqual(["text 3", "text 5"]);
    expect(room.getSnapshot().truncatedAfter).toBe(0);
    expect(events).toContainEqual({ type: "truncated", room: "lobby" });
  });

  it("finds by a sync what a quiet room hides", async () => {
    const { room, server, time } = await enterRoom();
    server.store("lobby");
    await time.advance(8_000);
    expect(textsOf(room)).toEqual(["text 1"]);
    expect(server.said("sync")).toHaveLength(1);
    server.store("lobby");
    await time.advance(14 * 60_000);
    expect(server.said("sync")).toHaveLength(1);
    await time.advance(17 * 60_000);
    expect(textsOf(room)).toEqual(["text 1", "text 2"]);
  });

  it("reads on while there is more", async () => {
    const server = new FakeServer();
    server.store("lobby");
    const { room, time } = await enterRoom({ server });
    for (let count = 0; count < 250; count++) server.store("lobby");
    server.socket.cut();
    await time.advance(2_000);
    expect(server.said("join").at(-1)).toMatchObject({ after: 1, epoch: "e1" });
    expect(server.said("history")).toHaveLength(2);
    expect(room.getSnapshot().messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 251 }, (_, index) => index + 1),
    );
  });
});

describe("another log", () => {
  it("starts over where the answer says so", async () => {
    const { room, server, time, events } = await enterRoom();
    server.say("lobby", { text: "lost" });
    server.logs.set("lobby", { epoch: "e2", entries: [] });
    server.store("lobby", { text: "new" });
    server.socket.cut();
    await time.advance(2_000);
    expect(textsOf(room)).toEqual(["new"]);
    expect(room.getSnapshot().head).toBe(1);
    expect(events).toContainEqual({ type: "reset", room: "lobby" });
  });

  it("asks where a push is of another epoch", async () => {
    const { room, server, time } = await enterRoom();
    server.say("lobby");
    server.logs.set("lobby", { epoch: "e2", entries: [] });
    server.say("lobby", { text: "new" });
    await time.advance(0);
    expect(server.said("history")).toMatchObject([{ after: 1, epoch: "e1" }]);
    expect(textsOf(room)).toEqual(["new"]);
  });
});

describe("frames that are not understood", () => {
  it("survives what is not of the protocol", async () => {
    const { room, server } = await enterRoom();
    const texts = ["nonsense", "null", "7", '{"type":"novelty","room":"lobby"}'];
    for (const text of [...texts, '{"message":"Internal server error","connectionId":"c","requestId":"r"}']) {
      server.socket.receive(text);
    }
    server.say("lobby");
    expect(textsOf(room)).toEqual(["text 1"]);
  });

  it("counts an entry of a type to come, and shows nothing of it", async () => {
    const { room, server } = await enterRoom();
    const entry = { ...server.store("lobby"), type: "pinned", room: "lobby", epoch: "e1" };
    server.socket.receive(JSON.stringify(entry as unknown as ServerFrame));
    server.say("lobby");
    expect(textsOf(room)).toEqual(["text 2"]);
    expect(server.said("history")).toEqual([]);
  });
});

describe("older messages", () => {
  it("loads them in front, page by page", async () => {
    const server = new FakeServer();
    for (let count = 0; count < 150; count++) server.store("lobby");
    const { room, time } = await enterRoom({ server });
    expect(room.getSnapshot().hasOlder).toBe(true);
    const loading = room.loadOlder(30);
    void room.loadOlder(30);
    await time.advance(0);
    await loading;
    expect(room.getSnapshot().messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 130 }, (_, index) => index + 21),
    );
    void room.loadOlder();
    await time.advance(0);
    expect(room.getSnapshot().messages).toHaveLength(150);
    expect(room.getSnapshot().hasOlder).toBe(false);
    await room.loadOlder();
    expect(server.said("history")).toHaveLength(3);
  });

  it("refuses where nothing was joined", async () => {
    const { client } = await enterRoom();
    await expect(client.room("elsewhere").loadOlder()).rejects.toMatchObject({ code: "room.not_joined" });
  });
});
