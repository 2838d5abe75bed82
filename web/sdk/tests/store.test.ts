import { describe, expect, it, vi } from "vitest";
import { enterRoom } from "./support/harness.ts";

describe("a store", () => {
  it("has one snapshot until something changes, and then a new one that leaves the old alone", async () => {
    const { room, server } = await enterRoom();
    const { getSnapshot } = room;
    const before = getSnapshot();
    expect(getSnapshot()).toBe(before);
    server.say("lobby");
    expect(getSnapshot()).not.toBe(before);
    expect(before.messages).toEqual([]);
  });

  it("calls its listeners after a change, until they have enough", async () => {
    const { room, server, client } = await enterRoom();
    const seen: number[] = [];
    const end = room.subscribe(() => seen.push(room.getSnapshot().messages.length));
    const other = vi.fn();
    client.room("elsewhere").subscribe(other);
    server.say("lobby");
    end();
    server.say("lobby");
    expect(seen).toEqual([1]);
    expect(other).not.toHaveBeenCalled();
  });

  it("is up to date in every event", async () => {
    const { room, server, client } = await enterRoom();
    const seen: number[] = [];
    client.onEvent(() => seen.push(room.getSnapshot().messages.length));
    server.say("lobby");
    server.say("lobby");
    expect(seen).toEqual([1, 2]);
  });

  it("lets a listener ask for something, and another one throw", async () => {
    const { room, server, client, time } = await enterRoom();
    const thrown: unknown[] = [];
    const catchIt = (error: unknown) => void thrown.push(error);
    process.once("uncaughtException", catchIt);
    const end = client.onEvent((event) => {
      if (event.type !== "message" || event.from === "ada") return;
      room.send(`you said ${"text" in event && event.text}`);
      throw new Error("a listener's own");
    });
    server.say("lobby");
    end();
    await time.advance(0);
    await new Promise((resolve) => setTimeout(resolve));
    expect(room.getSnapshot().messages.map(({ text }) => text)).toEqual(["text 1", "you said text 1"]);
    expect(thrown).toHaveLength(1);
  });

  it("keeps at most a thousand messages, and can load the others again", async () => {
    const { room, server, time } = await enterRoom();
    for (let count = 0; count < 1_010; count++) server.say("lobby");
    expect(room.getSnapshot().messages).toHaveLength(1_000);
    expect(room.getSnapshot().hasOlder).toBe(true);
    void room.loadOlder();
    await time.advance(0);
    expect(room.getSnapshot().messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 1_010 }, (_, index) => index + 1),
    );
  });
});
