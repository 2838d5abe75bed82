import { ChatClient, type ChatClientOptions, type ChatEvent, type Room } from "../../src/index.ts";
import { FakeServer } from "./server.ts";
import { FakeTime } from "./time.ts";

export interface Harness {
  readonly server: FakeServer;
  readonly time: FakeTime;
  readonly client: ChatClient;
  readonly events: ChatEvent[];
}

export interface HarnessOptions extends Partial<ChatClientOptions> {
  readonly server?: FakeServer;
  readonly time?: FakeTime;
  readonly random?: () => number;
}

/** Makes a client and what it talks to. Its ids are random all the same. */
export function makeHarness(options: HarnessOptions = {}): Harness {
  const { server = new FakeServer(), time = new FakeTime(), random = makeRandom(1), ...others } = options;
  const environment = { ...time.environment, WebSocket: server.WebSocket, random, watch: () => () => {} };
  const client = new ChatClient({ signIn: server.signIn, environment, ...others });
  const events: ChatEvent[] = [];
  client.onEvent((event) => events.push(event));
  return { server, time, client, events };
}

/** Makes a client that is connected, and in a room. */
export async function enterRoom(options: HarnessOptions = {}): Promise<Harness & { room: Room }> {
  const harness = makeHarness(options);
  const room = harness.client.room("lobby");
  harness.client.connect();
  void room.join();
  await harness.time.advance(0);
  return { ...harness, room };
}

/** The texts that a room shows. */
export function textsOf(room: Room): (string | null)[] {
  return room.getSnapshot().messages.map(({ text }) => text);
}

/** What has become of a room's writes. */
export function statesOf(room: Room): string[] {
  return room.getSnapshot().pending.map(({ state }) => state);
}

/** Random numbers that are the same in each run. */
export function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
