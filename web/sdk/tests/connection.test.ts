import { describe, expect, it } from "vitest";
import { type Admission, SignInRefusedError } from "../src/index.ts";
import { enterRoom, makeHarness, makeRandom, textsOf } from "./support/harness.ts";
import { FakeServer } from "./support/server.ts";
import { FakeTime } from "./support/time.ts";

const MINUTE_MS = 60_000;

describe("connecting", () => {
  it("takes a ticket for each connection, and says how it goes", async () => {
    const { client, server, time, events } = await enterRoom();
    expect(client.connection.getSnapshot()).toMatchObject({ state: "online", user: { user: "ada", name: "Ada" } });
    server.socket.cut();
    expect(client.connection.getSnapshot()).toMatchObject({
      state: "offline",
      reason: "the connection was closed (1006)",
    });
    expect(client.connection.getSnapshot().retryAtMs).toBeGreaterThan(time.wallMs);
    await time.advance(1_000);
    expect(server.sockets.map(({ url }) => url)).toEqual(["wss://chat?ticket=1", "wss://chat?ticket=2"]);
    const told = events.filter((event) => event.type === "connection");
    expect(told.map(({ state }) => state)).toEqual(["connecting", "online", "offline", "connecting", "online"]);
  });

  it("gives up a sign-in that hangs, and tries again", async () => {
    const server = new FakeServer();
    let attempts = 0;
    const signIn = () => (attempts++ ? server.signIn() : new Promise<never>(() => {}));
    const { client, time } = makeHarness({ server, signIn });
    client.connect();
    await time.advance(29_000);
    expect(client.connection.getSnapshot().state).toBe("connecting");
    await time.advance(2_000);
    expect(client.connection.getSnapshot().state).toBe("online");
  });

  it("stops where the user is refused, and starts again when told to", async () => {
    const server = new FakeServer();
    let isBanned = true;
    const signIn = async () => {
      if (isBanned) throw new SignInRefusedError("you are banned");
      return server.signIn();
    };
    const { client, time } = makeHarness({ server, signIn });
    const joining = client.room("lobby").join();
    client.connect();
    await time.advance(60 * MINUTE_MS);
    expect(client.connection.getSnapshot()).toMatchObject({
      state: "refused",
      reason: "you are banned",
      retryAtMs: null,
    });
    await expect(joining).rejects.toMatchObject({ code: "client.refused" });
    isBanned = false;
    client.connect();
    await time.advance(0);
    expect(client.connection.getSnapshot().state).toBe("online");
    expect(client.room("lobby").getSnapshot().state).toBe("joined");
  });

  it("closes when told to, and connects again", async () => {
    const { client, server, time, room } = await enterRoom();
    server.ignores = ({ action }) => action === "members";
    const members = room.members();
    client.close();
    await expect(members).rejects.toMatchObject({ code: "client.closed" });
    room.send("later");
    await time.advance(10 * MINUTE_MS);
    expect(server.sockets).toHaveLength(1);
    expect(server.socket.state).toBe("closed");
    client.connect();
    await time.advance(0);
    expect(textsOf(room)).toEqual(["later"]);
  });

  it("opens nothing once it is closed, even where the sign-in is done only then", async () => {
    const server = new FakeServer();
    let admit = () => {};
    const signIn = () => new Promise<Admission>((resolve) => (admit = () => void server.signIn().then(resolve)));
    const { client, time } = makeHarness({ server, signIn });
    client.connect();
    await time.advance(0);
    client.close();
    admit();
    await time.advance(MINUTE_MS);
    expect(server.sockets).toEqual([]);
  });

  it("gives up a connection that the server does not know any more", async () => {
    const { server, time, client } = await enterRoom();
    server.refuse({ id: "any" }, "connection.expired");
    await time.advance(1_000);
    expect(server.sockets.map(({ state }) => state)).toEqual(["closed", "open"]);
    expect(client.connection.getSnapshot().state).toBe("online");
  });
});

describe("reconnecting", () => {
  it("spreads a storm of clients over the whole wait, which doubles up to half a minute", async () => {
    const time = new FakeTime();
    const server = new FakeServer();
    const all = Array.from({ length: 200 }, (_, seed) =>
      makeHarness({ server, time, random: makeRandom(seed * 7_919) }),
    );
    for (const { client } of all) client.connect();
    await time.advance(0);
    server.opens = false;
    for (const socket of [...server.sockets]) socket.cut();
    await time.advance(100);
    const soon = server.sockets.length - 200;
    await time.advance(900);
    expect(server.sockets).toHaveLength(400);
    expect(soon).toBeGreaterThan(5);
    expect(soon).toBeLessThan(40);
    for (let round = 0; round < 8; round++) {
      for (const socket of [...server.sockets]) socket.cut();
      await time.advance(30_000);
    }
    for (const socket of [...server.sockets]) socket.cut();
    const waits = all.map(({ client }) => (client.connection.getSnapshot().retryAtMs ?? 0) - time.wallMs);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    for (let third = 0; third < 3; third++) {
      const within = waits.filter((wait) => Math.floor(wait / 10_000) === third);
      expect(within.length).toBeGreaterThan(40);
    }
  });

  it("reads on from where it was, without a gap and without showing anything twice", async () => {
    const { room, server, time, events } = await enterRoom();
    server.say("lobby");
    server.socket.cut();
    server.store("lobby");
    server.store("lobby");
    await time.advance(1_000);
    server.say("lobby");
    expect(server.said("join").at(-1)).toMatchObject({ after: 1, epoch: "e1" });
    expect(textsOf(room)).toEqual(["text 1", "text 2", "text 3", "text 4"]);
    expect(events.filter(({ type }) => type === "message")).toHaveLength(4);
  });

  it("repeats what was not answered under the same id", async () => {
    const { room, server, time } = await enterRoom();
    server.ignores = ({ action }) => action === "kick";
    const kick = room.kick("bob");
    server.socket.cut();
    server.ignores = () => false;
    await time.advance(1_000);
    await kick;
    const [first, second] = server.said("kick");
    expect(second).toEqual(first);
  });
});

describe("idle and dead connections", () => {
  it("pings below the idle limit", async () => {
    const { server, time } = await enterRoom();
    await time.advance(40 * MINUTE_MS);
    expect(server.sockets).toHaveLength(1);
    expect(server.said("ping").length).toBeGreaterThan(4);
  });

  it("gives up a connection that does not answer a ping", async () => {
    const { server, time, client } = await enterRoom();
    const [dead] = server.sockets;
    server.ignores = (_, socket) => socket === dead;
    await time.advance(4 * MINUTE_MS + 15_000);
    expect(dead?.state).toBe("closed");
    expect(client.connection.getSnapshot().state).toBe("online");
  });

  it("is woken by coming to the front: tries a connection, or makes one soon", async () => {
    const { server, time, client } = await enterRoom();
    client.wake();
    await time.advance(0);
    expect(server.said("ping")).toHaveLength(1);
    server.opens = false;
    for (let round = 0; round < 6; round++) {
      server.socket.cut();
      await time.advance(30_000);
    }
    server.socket.cut();
    client.wake();
    server.opens = true;
    await time.advance(1_000);
    expect(client.connection.getSnapshot().state).toBe("online");
  });
});

describe("clock jumps", () => {
  it("goes on where the clock is set back", async () => {
    const { room, server, time } = await enterRoom();
    server.store("lobby");
    server.say("lobby");
    await time.advance(400);
    time.wallMs -= 60 * MINUTE_MS;
    await time.advance(600);
    expect(textsOf(room)).toEqual(["text 1", "text 2"]);
    server.socket.cut();
    await time.advance(1_000);
    expect(server.socket.state).toBe("open");
  });

  it("tries its connection after a sleep, and makes another where that one is dead", async () => {
    const { room, server, time, client } = await enterRoom();
    const [dead] = server.sockets;
    server.ignores = (_, socket) => socket === dead;
    time.sleep(8 * 60 * MINUTE_MS);
    server.store("lobby");
    client.wake();
    await time.advance(20_000);
    expect(dead?.state).toBe("closed");
    expect(textsOf(room)).toEqual(["text 1"]);
  });
});
