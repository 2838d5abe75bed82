import { describe, expect, it } from "vitest";
import type { OutboxStorage } from "../src/index.ts";
import { enterRoom, makeHarness, makeRandom, statesOf, textsOf } from "./support/harness.ts";
import { memoryStorage } from "./support/storage.ts";

describe("the outbox", () => {
  it("keeps what is sent offline, and sends it in order once connected", async () => {
    const { client, server, time } = makeHarness();
    const room = client.room("lobby");
    for (const text of ["one", "two", "three"]) room.send(text);
    await time.advance(1_000);
    expect(statesOf(room)).toEqual(["sending", "sending", "sending"]);
    client.connect();
    await time.advance(0);
    expect(textsOf(room)).toEqual(["one", "two", "three"]);
    expect(new Set(server.said("send").map(({ id }) => id)).size).toBe(3);
  });

  it("sends after a reload what the page before did not see acked, once, in order", async () => {
    const storage = memoryStorage();
    const before = await enterRoom({ storage });
    const { server, time } = before;
    server.loses = ({ type }) => type === "ack";
    before.room.send("one");
    before.room.send("two");
    await time.advance(100);
    server.loses = () => false;
    before.server.socket.onclose = null;
    for (let count = 0; count < 120; count++) server.store("lobby");
    const { client } = makeHarness({ storage, server, time, random: makeRandom(2) });
    client.connect();
    await time.advance(0);
    const texts = server.log("lobby").entries.map((entry) => "text" in entry && entry.text);
    expect(texts.filter((text) => text === "one")).toHaveLength(1);
    expect(texts.filter((text) => text === "two")).toHaveLength(1);
    expect(statesOf(client.room("lobby"))).toEqual([]);
    expect(await storage.load()).toEqual([]);
  });

  it("sends after a reload what was written offline, in order, before what is written since", async () => {
    const storage = memoryStorage();
    const before = makeHarness({ storage });
    for (const text of ["one", "two", "three"]) before.client.room("lobby").send(text);
    await before.time.advance(100);
    const load = async () => [...(await storage.load())].reverse();
    const { client, time } = makeHarness({ storage: { ...storage, load }, time: before.time, random: makeRandom(2) });
    client.room("lobby").send("four");
    client.connect();
    await time.advance(0);
    expect(textsOf(client.room("lobby"))).toEqual(["one", "two", "three", "four"]);
  });

  it("keeps a write, with its position, before it is sent", async () => {
    const storage = memoryStorage();
    const { room, server, time } = await enterRoom({ storage: slow(storage) });
    server.say("lobby");
    const id = room.send("hi");
    await time.advance(900);
    expect(server.said("send")).toEqual([]);
    await time.advance(200);
    expect(server.said("send")).toHaveLength(1);
    await time.advance(2_000);
    expect(await storage.load()).toEqual([]);

    function slow(storage: OutboxStorage): OutboxStorage {
      const put: OutboxStorage["put"] = (record) => {
        expect(record).toMatchObject({ id, action: "send", fields: { after: 1 } });
        return new Promise((resolve) => void time.environment.setTimeout(() => resolve(storage.put(record)), 1_000));
      };
      return { ...storage, put };
    }
  });

  it("shows after a reload what had failed, and sends it only when told to", async () => {
    const storage = memoryStorage();
    const { room, server, time } = await enterRoom({ storage });
    server.ignores = ({ action }) => action === "send";
    const id = room.send("hi");
    await time.advance(0);
    server.refuse({ id }, "room.read_only");
    await time.advance(0);
    server.ignores = () => false;
    const { client } = makeHarness({ storage, server, time, random: makeRandom(2) });
    client.connect();
    await time.advance(0);
    expect(client.room("lobby").getSnapshot()).toMatchObject({ state: "left", pending: [{ id, state: "failed" }] });
    client.room("lobby").retry(id);
    await time.advance(0);
    expect(textsOf(client.room("lobby"))).toEqual(["hi"]);
  });

  it("sends what a full storage does not keep, says so, and leaves no older copy there", async () => {
    const storage = memoryStorage();
    let isFull = false;
    const put: OutboxStorage["put"] = async (record) => {
      if (isFull) throw new Error("QuotaExceededError");
      await storage.put(record);
    };
    const { client, server, time, events } = makeHarness({ storage: { ...storage, put } });
    const room = client.room("lobby");
    const id = room.send("hi");
    await time.advance(0);
    expect(await storage.load()).toMatchObject([{ id, fields: { text: "hi" } }]);
    isFull = true;
    server.ignores = ({ action }) => action === "send";
    client.connect();
    await time.advance(0);
    expect(server.said("send")).toHaveLength(1);
    expect(events).toContainEqual({ type: "unsaved", id, reason: "QuotaExceededError" });
    expect(await storage.load()).toEqual([]);
    server.ignores = () => false;
    await time.advance(30_000);
    expect(textsOf(room)).toEqual(["hi"]);
  });
});
