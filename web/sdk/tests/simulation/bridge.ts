/**
 * Puts clients into the hands of a simulator. A line of JSON comes in, and one with what follows from it goes out.
 *
 * In: `[client, nowMs, what, ...details]`. Out: `{said, dueMs, rooms, shown}`: what the client did, when it wants the
 * time again, the rooms that it wants to be in. The other end is tests/simulation/bridge.py.
 */

import { readSync, writeSync } from "node:fs";
import type { OutboxStorage } from "../../src/index.ts";
import { memoryStorage } from "../support/storage.ts";
import type { Fields } from "./acts.ts";
import { type Admit, BridgedClient } from "./clients.ts";

type Line = readonly [client: string, nowMs: number, ...What];
type What =
  /** The storage is another one for each device, and outlives its clients. */
  | readonly ["make", seed: number, device: string]
  | readonly ["act", name: string, room: string | null, fields: Fields]
  | readonly ["admit", number: number, admit: Admit]
  | readonly ["open", socket: number]
  | readonly ["receive", socket: number, text: string]
  | readonly ["cut", socket: number, reason: string]
  | readonly ["wake"]
  | readonly ["time"]
  | readonly ["show"]
  | readonly ["end"];

const clients = new Map<string, BridgedClient>();
const storages = new Map<string, OutboxStorage>();

async function answer([name, nowMs, ...what]: Line): Promise<unknown> {
  if (what[0] === "make") clients.set(name, new BridgedClient(nowMs, what[1], findStorage(what[2])));
  const bridged = clients.get(name);
  if (!bridged) throw new Error(`there is no client ${name}`);
  const { time } = bridged;
  time.nowMs = nowMs;
  // What was due comes before what happens now.
  await time.run();
  const shown = perform(bridged, what);
  await time.run();
  if (what[0] === "end") clients.delete(name);
  return { said: bridged.said.splice(0), dueMs: time.dueMs, rooms: bridged.rooms, shown };
}

function perform(bridged: BridgedClient, what: What): unknown {
  const { client, sockets } = bridged;
  switch (what[0]) {
    case "act":
      return bridged.act(what[1], what[2], what[3]);
    case "admit":
      return bridged.admit(what[1], what[2]);
    case "open":
      return sockets.open(what[1]);
    case "receive":
      return sockets.receive(what[1], what[2]);
    case "cut":
      return sockets.cut(what[1], what[2]);
    case "wake":
      return client.wake();
    case "end":
      return client.close();
    case "show":
      return bridged.show();
    default:
      return undefined;
  }
}

function findStorage(device: string): OutboxStorage {
  const storage = storages.get(device) ?? memoryStorage();
  storages.set(device, storage);
  return storage;
}

function* readLines(): Generator<string> {
  const chunk = Buffer.alloc(65_536);
  const decoder = new TextDecoder();
  let text = "";
  for (let size = readSync(0, chunk); size > 0; size = readSync(0, chunk)) {
    const lines = (text + decoder.decode(chunk.subarray(0, size), { stream: true })).split("\n");
    text = lines.pop() ?? "";
    yield* lines;
  }
}

for (const line of readLines()) writeSync(1, `${JSON.stringify(await answer(JSON.parse(line)))}\n`);
