import { describe, expect, it } from "vitest";
import type { ChatEvent } from "../src/index.ts";
import { enterRoom, makeHarness, makeRandom, textsOf } from "./support/harness.ts";
import { FakeServer } from "./support/server.ts";
import { FakeTime } from "./support/time.ts";

const MINUTE_MS = 60_000;

/** Brings a client to where it has two connections: an answer is still to come over the old one. */
async function openBoth() {
  const harness = await enterRoom();
  const { room, server, time } = harness;
  await time.advance(70 * MINUTE_MS);
  server.ignores = ({ action }, socket) => action === "members" && socket === server.sockets[0];
  while (server.sockets.length < 2) {
    void room.members();
    await time.advance(1_000);
  }
  expect(server.sockets.map(({ state }) => state)).toEqual(["open", "open"]);
  return harness;
}

describe("the two-hour cut", () => {
  it("is forestalled: the new connection opens before the old one closes, and nothing is missed or shown twice", async () => {
    const { room, server, time, events } = await enterRoom();
    let count = 0;
    while (server.sockets.length < 2) {
      server.say("lobby");
      count++;
      await time.advance(MINUTE_MS);
    }
    expect(count).toBeGreaterThanOrEqual(75);
    expect(count).toBeLessThanOrEqual(111);
    const [old, young] = server.sockets;
    expect(young?.state).toBe("open");
    expect(old?.state).toBe("closed");
    server.say("lobby");
    expect(room.getSnapshot().messages).toHaveLength(count + 1);
    expect(events.filter(({ type }) => type === "message")).toHaveLength(count + 1);
    expect(events.filter((event: ChatEvent) => event.type === "connection").map((event) => event.state)).toEqual([
      "connecting",
      "online",
    ]);
  });

  it("shows each push once while both connections are open, and waits for answers on the old one", async () => {
    const { room, server, time, events } = await enterRoom();
    server.loses = ({ type }) => type === "joined";
    await time.advance(75 * MINUTE_MS);
    while (server.sockets.length < 2) await time.advance(1_000);
    const [old, young] = server.sockets;
    expect([old?.state, young?.state]).toEqual(["open", "open"]);
    server.say("lobby");
    for (const socket of server.sockets)
      server.tell({ type: "typing", room: "lobby", user: "bob", name: "Bob" }, socket);
    room.send("hi");
    server.loses = () => false;
    await time.advance(16_000);
    expect([old?.state, young?.state]).toEqual(["closed", "open"]);
    expect(textsOf(room)).toEqual(["text 1", "hi"]);
    expect(events.filter(({ type }) => type === "message")).toHaveLength(2);
  });

  it("does not keep the old connection for long, and sends what it left unanswered once the room is joined", async () => {
    const { room, server, time } = await enterRoom();
    await time.advance(70 * MINUTE_MS);
    server.loses = ({ type }) => type === "joined" || type === "ack";
    server.ignores = ({ action }) => action === "send";
    server.opens = false;
    while (server.sockets.length < 2) await time.advance(1_000);
    room.send("hi");
    await time.advance(0);
    const [old, young] = server.sockets;
    young?.open();
    await time.advance(14_000);
    expect(old?.state).toBe("open");
    await time.advance(2_000);
    expect(old?.state).toBe("closed");
    expect(young?.said.filter(({ action }) => action === "send")).toEqual([]);
    server.ignores = () => false;
    server.loses = () => false;
    await time.advance(30_000);
    expect(textsOf(room)).toEqual(["hi"]);
  });

  it("takes what concerns no log from one connection alone while both are open", async () => {
    const { server, events } = await openBoth();
    for (const socket of server.sockets) {
      server.tell({ type: "typing", room: "lobby", user: "bob", name: "Bob" }, socket);
      server.tell({ type: "invited", room: "crew", user: "bob", name: "Bob" }, socket);
    }
    expect(events.filter(({ type }) => type === "typing" || type === "invited")).toHaveLength(2);
  });

  it("enters on the new connection what the old one is let in to meanwhile", async () => {
    const { client, server, time } = await enterRoom();
    server.opens = false;
    while (server.sockets.length < 2) await time.advance(1_000);
    const [old, young] = server.sockets;
    server.ignores = ({ room }, socket) => room === "crew" && socket === old;
    void client.room("crew").join();
    young?.open();
    await time.advance(0);
    expect(client.room("crew").getSnapshot().state).toBe("joining");
    const about = { room: "crew", head: 0, members: 1, access: "write" as const, private: false };
    const page = { epoch: null, entries: [], more: false, reset: false, truncated: false };
    server.tell({ type: "joined", id: old?.said.at(-1)?.id, ...about, ...page }, old);
    await time.advance(0);
    expect(young?.said.filter(({ room }) => room === "crew")).toHaveLength(1);
    expect(client.room("crew").getSnapshot().state).toBe("joined");
    expect(old?.state).toBe("closed");
  });

  it("keeps the old connection where no new one can be had, and tries again", async () => {
    const { server, time, client } = await enterRoom();
    server.opens = false;
    while (server.sockets.length < 2) await time.advance(MINUTE_MS);
    server.socket.cut();
    expect(server.sockets[0]?.state).toBe("open");
    expect(client.connection.getSnapshot().state).toBe("online");
    server.opens = true;
    await time.advance(MINUTE_MS);
    expect(server.sockets.map(({ state }) => state)).toEqual(["closed", "closed", "open"]);
  });

  it("is spread over the clients", async () => {
    const time = new FakeTime();
    const server = new FakeServer();
    for (let seed = 0; seed < 100; seed++) {
      makeHarness({ server, time, random: makeRandom(seed * 7_919) }).client.connect();
    }
    await time.advance(75 * MINUTE_MS);
    expect(server.sockets).toHaveLength(100);
    await time.advance(15 * MINUTE_MS);
    expect(server.sockets.length).toBeGreaterThan(120);
    expect(server.sockets.length).toBeLessThan(170);
    await time.advance(20 * MINUTE_MS);
    expect(server.sockets).toHaveLength(200);
  });
});
