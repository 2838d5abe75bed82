import { expect, it } from "vitest";
import type { ChatClient } from "../src/index.ts";
import { makeHarness, makeRandom } from "./support/harness.ts";
import { FakeServer } from "./support/server.ts";
import { memoryStorage } from "./support/storage.ts";
import { FakeTime } from "./support/time.ts";

/** One user over reloads, with a network that loses what it can. */
class World {
  readonly server = new FakeServer();
  readonly time = new FakeTime();
  readonly storage = memoryStorage();
  readonly sent: string[] = [];
  readonly random: () => number;
  client: ChatClient;
  shown: number[] = [];

  constructor(seed: number) {
    this.random = makeRandom(seed);
    this.client = this.load();
  }

  load(): ChatClient {
    const { server, time, storage, random } = this;
    const { client } = makeHarness({ server, time, storage, random });
    this.shown = [];
    client.onEvent((event) => {
      if (event.type === "message" && event.room === "lobby") this.shown.push(event.seq);
    });
    client.connect();
    void client.room("lobby").join();
    return client;
  }

  step(): void {
    const { server, random } = this;
    const choice = random();
    if (choice < 0.3) server.say("lobby");
    else if (choice < 0.4) server.store("lobby");
    else if (choice < 0.7) {
      this.sent.push(`sent ${this.sent.length}`);
      this.client.room("lobby").send(this.sent.at(-1) ?? "");
    } else if (choice < 0.8) server.sockets.at(-1)?.cut();
    else if (choice < 0.85) {
      // The page is gone, and its connection with it.
      this.client.close();
      this.client = this.load();
    } else {
      const rate = random() < 0.5 ? 0 : 0.5;
      server.loses = () => random() < rate;
      server.ignores = () => random() < rate;
    }
  }
}

it.each(Array.from({ length: 25 }, (_, seed) => seed))(
  "nothing is lost, shown twice or out of order (seed %i)",
  async (seed) => {
    const world = new World(seed);
    for (let step = 0; step < 120; step++) {
      world.step();
      await world.time.advance(Math.floor(world.random() ** 4 * 20_000));
    }
    world.server.loses = world.server.ignores = () => false;
    await world.time.advance(45 * 60_000);
    const { entries } = world.server.log("lobby");
    const { messages, pending } = world.client.room("lobby").getSnapshot();
    expect(pending).toEqual([]);
    expect(messages.map(({ seq }) => seq)).toEqual(entries.slice(-messages.length).map(({ seq }) => seq));
    expect(world.shown).toEqual(messages.map(({ seq }) => seq));
    const own = entries.flatMap((entry) => (entry.from === "ada" && "text" in entry ? [entry.text] : []));
    expect(own).toEqual(world.sent);
  },
);
