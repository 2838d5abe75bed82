import { describe, expect, it } from "vitest";
import type { OutboxStorage } from "../src/index.ts";
import { enterRoom, makeHarness, statesOf, textsOf } from "./support/harness.ts";
import { FakeServer, type Said } from "./support/server.ts";

describe("a write", () => {
  it("is pending until it is acked, then stands in its place", async () => {
    const { room, server, time, events } = await enterRoom();
    server.say("lobby");
    const id = room.send("hi", { answers: 1 });
    expect(room.getSnapshot().pending).toMatchObject([{ id, action: "send", state: "sending", text: "hi" }]);
    await time.advance(0);
    expect(server.said("send")).toMatchObject([{ id, room: "lobby", text: "hi", meta: { answers: 1 }, after: 1 }]);
    expect(room.getSnapshot().pending).toEqual([]);
    expect(room.getSnapshot().messages.at(-1)).toMatchObject({
      seq: 2,
      id,
      from: "ada",
      name: "Ada",
      text: "hi",
      meta: { answers: 1 },
    });
    room.send("plain");
    await time.advance(0);
    expect(room.getSnapshot().messages.at(-1)).toMatchObject({ text: "plain", meta: null, reactions: {} });
    expect(events.at(-1)).toMatchObject({ type: "message", seq: 3, room: "lobby", epoch: "e1", text: "plain" });
  });

  it("is sent, and not shown before what comes before it", async () => {
    const { room, server, time } = await enterRoom();
    const first = server.store("lobby");
    room.send("hi");
    await time.advance(0);
    expect(statesOf(room)).toEqual(["sent"]);
    server.push("lobby", first);
    expect(statesOf(room)).toEqual([]);
    expect(textsOf(room)).toEqual(["text 1", "hi"]);
  });

  it("waits for the one before it", async () => {
    const { room, server, time } = await enterRoom();
    server.ignores = ({ text }) => text === "one";
    room.send("one");
    room.send("two");
    await time.advance(5_000);
    expect(server.said("send").map(({ text }) => text)).toEqual(["one"]);
    server.ignores = () => false;
    await time.advance(6_000);
    expect(textsOf(room)).toEqual(["one", "two"]);
  });

  it("whose ack was lost is sent again as it was, and shown once", async () => {
    const { room, server, time } = await enterRoom();
    server.loses = ({ type }) => type === "ack";
    room.send("hi");
    await time.advance(1_000);
    server.say("lobby", { text: "meanwhile" });
    server.loses = () => false;
    await time.advance(30_000);
    expect(textsOf(room)).toEqual(["hi", "meanwhile"]);
    const said = server.said("send");
    expect(said.length).toBeGreaterThan(0);
    for (const again of said) expect(again).toEqual(said[0]);
    expect(statesOf(room)).toEqual([]);
  });

  it("that is found in the log counts as acked", async () => {
    const { room, server, time } = await enterRoom();
    server.loses = ({ type }) => type === "ack";
    room.send("hi");
    await time.advance(100);
    server.socket.cut();
    await time.advance(3_000);
    expect(textsOf(room)).toEqual(["hi"]);
    expect(server.said("send")).toHaveLength(1);
    expect(statesOf(room)).toEqual([]);
  });

  it("that is found in what is pushed lets the next one go", async () => {
    const { room, server, time } = await enterRoom();
    server.ignores = ({ text }) => text === "one";
    const id = room.send("one");
    room.send("two");
    await time.advance(0);
    server.say("lobby", { id, from: "ada", name: "Ada", text: "one" });
    await time.advance(0);
    expect(textsOf(room)).toEqual(["one", "two"]);
  });

  it("survives API Gateway's own error", async () => {
    const { room, server, time } = await enterRoom();
    server.ignores = ({ action }) => action === "send";
    room.send("hi");
    await time.advance(0);
    server.ignores = () => false;
    server.socket.receive('{"message":"Internal server error","connectionId":"c","requestId":"r"}');
    await time.advance(11_000);
    expect(textsOf(room)).toEqual(["hi"]);
  });

  it("is sent again when the rate limit says, and keeps those after it waiting", async () => {
    const { room, server, time } = await enterRoom();
    server.ignores = ({ action }) => action === "send";
    const id = room.send("one");
    room.send("two");
    await time.advance(0);
    server.ignores = () => false;
    server.refuse({ id }, "rate.limited", { retryable: true, retry_after_ms: 3_000 });
    await time.advance(2_900);
    expect(server.said("send")).toHaveLength(1);
    await time.advance(200);
    expect(textsOf(room)).toEqual(["one", "two"]);
  });

  it("joins again where the server does not see this connection in the room", async () => {
    const { room, server, time } = await enterRoom();
    server.ignores = ({ action }) => action === "send";
    const id = room.send("hi");
    await time.advance(0);
    server.ignores = () => false;
    server.refuse({ id }, "room.not_joined");
    await time.advance(2_000);
    expect(server.said("join")).toHaveLength(2);
    expect(textsOf(room)).toEqual(["hi"]);
  });
});

describe("a write that fails", () => {
  async function fail(code: Parameters<FakeServer["refuse"]>[1], more: { retry_after_ms?: number } = {}) {
    const harness = await enterRoom();
    const { room, server, time } = harness;
    server.ignores = ({ action }) => action === "send";
    const id = room.send("hi");
    await time.advance(0);
    server.ignores = () => false;
    server.refuse({ id }, code, more);
    await time.advance(0);
    return { ...harness, id };
  }

  it("says why, and goes again when it is told to", async () => {
    const { room, server, time, id, events } = await fail("room.muted", { retry_after_ms: 60_000 });
    expect(room.getSnapshot().pending).toMatchObject([
      { id, state: "failed", canRetry: true, error: { code: "room.muted", message: "room.muted!" } },
    ]);
    expect(room.getSnapshot().mutedUntilMs).toBe(time.wallMs + 60_000);
    expect(events.at(-1)).toMatchObject({ type: "failed", id, room: "lobby" });
    room.retry(id);
    expect(statesOf(room)).toEqual(["sending"]);
    await time.advance(0);
    expect(textsOf(room)).toEqual(["hi"]);
    const [first, second] = server.said("send");
    expect(second).toEqual(first);
  });

  it("goes again after a reconnect even where it was retried before storage kept that it had failed", async () => {
    const put = () => new Promise<void>((resolve) => void time.environment.setTimeout(resolve, 1_000));
    const storage: OutboxStorage = { load: async () => [], put, delete: async () => {} };
    const { room, server, time } = await enterRoom({ storage });
    server.ignores = ({ action }) => action === "send";
    const id = room.send("hi");
    await time.advance(1_000);
    server.refuse({ id }, "room.read_only");
    room.retry(id);
    await time.advance(3_000);
    server.ignores = () => false;
    server.socket.cut();
    await time.advance(3_000);
    expect(textsOf(room)).toEqual(["hi"]);
  });

  it("is forgotten when it is told to", async () => {
    const { room, id } = await fail("message.refused");
    expect(room.getSnapshot().pending).toMatchObject([{ state: "failed", canRetry: false }]);
    room.discard(id);
    expect(room.getSnapshot().pending).toEqual([]);
  });

  it("lets the next one pass", async () => {
    const { room, time } = await fail("message.refused");
    room.send("next");
    await time.advance(0);
    expect(textsOf(room)).toEqual(["next"]);
  });

  it("becomes another message where its position is too old", async () => {
    const { room, server, time, id } = await fail("send.after_too_old");
    server.say("lobby");
    room.retry(id);
    await time.advance(0);
    const [first, second] = server.said("send");
    expect(first).toMatchObject({ id, after: 0 });
    expect(second).toMatchObject({ text: "hi", after: 1 });
    expect(second?.id).not.toBe(id);
  });

  it("fails before it is sent where it fits into no frame", async () => {
    const { room, server, time } = await enterRoom();
    room.send("ü".repeat(17_000));
    room.send("short");
    await time.advance(0);
    expect(room.getSnapshot().pending).toMatchObject([
      { state: "failed", error: { code: "frame.too_large" }, canRetry: false },
    ]);
    expect(server.said("send").map(({ text }) => text)).toEqual(["short"]);
  });
});

describe("edits, deletions and reactions", () => {
  it("change the message that they are about, as what others do does", async () => {
    const { room, server, time } = await enterRoom();
    server.say("lobby");
    room.send("hi");
    await time.advance(0);
    room.edit(2, "hello");
    room.react(1, "👍");
    room.react(1, "🎉");
    room.react(1, "🎉", { remove: true });
    await time.advance(0);
    server.say("lobby", { type: "reacted", target: 1, emoji: "👍", remove: false });
    const [first, second] = room.getSnapshot().messages;
    expect(first).toMatchObject({ reactions: { "👍": ["ada", "bob"] } });
    expect(first?.reactions).not.toHaveProperty("🎉");
    expect(second).toMatchObject({ text: "hello", edited: true });
    room.delete(2);
    await time.advance(0);
    expect(room.getSnapshot().messages[1]).toMatchObject({ text: null, deleted: true, edited: false, reactions: {} });
    expect(room.getSnapshot().messages).toHaveLength(2);
  });

  it("are done already to the messages of the same page", async () => {
    const server = new FakeServer();
    server.store("lobby", { reactions: { "👍": ["carl"] } } as object);
    server.store("lobby", { type: "reacted", target: 1, emoji: "👍", remove: false });
    const { room } = await enterRoom({ server });
    expect(room.getSnapshot().messages).toMatchObject([{ reactions: { "👍": ["carl"] } }]);
  });
});

describe("a message to a user", () => {
  it("goes to the direct room with them, once it is known who this user is", async () => {
    const { client, server, time } = makeHarness();
    client.sendTo("bob", "psst");
    await time.advance(0);
    client.connect();
    await time.advance(0);
    expect(server.said("join")).toMatchObject([{ room: "dm:ada:bob" }]);
    expect(server.said("send")).toMatchObject([{ room: "dm:ada:bob", text: "psst" }]);
    expect((server.said("send")[0] as Said).to).toBeUndefined();
    expect(textsOf(client.room("dm:ada:bob"))).toEqual(["psst"]);
  });
});
