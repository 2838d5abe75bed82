import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Room } from "../src/index.ts";
import { enterRoom, type Harness, textsOf } from "./support/harness.ts";

interface Case {
  readonly name: string;
  readonly answer: "ignored" | "shown";
  readonly text: string | readonly (string | readonly [string, number])[];
}

const SOURCE = new URL("../../../tests/hostile/server_frames.jsonl", import.meta.url);
const CASES = readFileSync(SOURCE, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

// The SDK trusts its server that a frame of a type that it knows has that type's shape.
const KNOWN = new RegExp(`"type":"(${readTypes().join("|")})"`);

/** Reads the types of the server's frames, other than of those that others come in. */
function readTypes(): string[] {
  const source = readFileSync(new URL("../src/frames.ts", import.meta.url), "utf8");
  return [...source.matchAll(/type: "(\w+)"/g)].flatMap(([, type]) => (type && type !== "batch" ? [type] : []));
}

/** Writes a case's frame. */
function write({ text }: Case): string {
  const parts = typeof text === "string" ? [text] : text;
  return parts.map((part) => (typeof part === "string" ? part : part[0].repeat(part[1]))).join("");
}

/** Has the server say a frame as it is, in the middle of a conversation that then goes on. */
async function hear(harness: Harness & { room: Room }, frame: string): Promise<void> {
  harness.server.socket.receive(frame);
  await harness.time.advance(100);
}

/** A room with one message in it, and a client that shows it. */
async function enter(): Promise<Harness & { room: Room }> {
  const harness = await enterRoom();
  harness.server.say("lobby");
  await harness.time.advance(0);
  return harness;
}

/** Sees that the next messages of others and of this user are shown. */
async function expectGoesOn({ server, time, room }: Harness & { room: Room }): Promise<void> {
  server.say("lobby");
  room.send("hello");
  await time.advance(60_000);
  expect(textsOf(room)).toEqual(["text 1", "text 2", "hello"]);
}

describe("a frame of the server's that is none", () => {
  const ignored = CASES.filter((one) => one.answer === "ignored" && !KNOWN.test(write(one)));

  it.each(ignored)("is ignored: $name", async (one) => {
    const harness = await enter();
    const events = harness.events.length;
    await hear(harness, write(one));
    expect(harness.events.slice(events)).toEqual([]);
    await expectGoesOn(harness);
  });
});

describe("a frame of the server's that is odd", () => {
  it.each(CASES.filter(({ answer }) => answer === "shown"))("is shown: $name", async (one) => {
    const harness = await enter();
    const { server, room, time } = harness;
    const sent = JSON.parse(write(one));
    server.store("lobby", { ...sent, type: "message" });
    await hear(harness, write(one));
    const [, shown] = room.getSnapshot().messages;
    expect(shown).toMatchObject({ text: sent.text, from: sent.from });
    for (const emoji of ["__proto__", "constructor", "toString"]) {
      server.say("lobby", { type: "reacted", target: 2, emoji, remove: false } as never);
      server.say("lobby", { type: "reacted", target: 2, emoji, remove: true } as never);
      server.say("lobby", { type: "reacted", target: 1, emoji, remove: false } as never);
    }
    await time.advance(0);
    const [first] = room.getSnapshot().messages;
    expect(Object.keys(first?.reactions ?? {}).sort()).toEqual(["__proto__", "constructor", "toString"]);
    expect(Object.prototype).not.toHaveProperty("isAdmin");
  });

  it("is a cursor of somebody with the name of a built-in", async () => {
    const harness = await enter();
    for (const user of ["__proto__", "constructor"]) {
      harness.server.tell({ type: "read", room: "lobby", user, seq: 1 });
    }
    await harness.time.advance(0);
    expect(Object.entries(harness.room.getSnapshot().readBy)).toEqual([
      ["__proto__", 1],
      ["constructor", 1],
    ]);
    await expectGoesOn(harness);
  });
});
