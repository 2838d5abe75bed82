import {
  type Admission,
  ChatClient,
  type OutboxStorage,
  type RoomSnapshot,
  SignInRefusedError,
} from "../../src/index.ts";
import { makeRandom } from "../support/harness.ts";
import { ACTS, type Fields } from "./acts.ts";
import { BridgedSockets } from "./sockets.ts";
import { VirtualTime } from "./virtual-time.ts";

/** What came of asking for a ticket. */
export interface Admit {
  readonly url: string | null;
  readonly user: string;
  readonly isRefused: boolean;
}

/** A client whose user, server and time are the simulator's. */
export class BridgedClient {
  readonly client: ChatClient;
  readonly time: VirtualTime;
  /** What it does and tells, in order. */
  readonly said: unknown[] = [];
  readonly sockets = new BridgedSockets((...what) => this.said.push(what));
  readonly #names = new Set<string>();
  readonly #admissions: ((admit: Admit) => void)[] = [];
  /** When each request was made that is not answered. */
  readonly #waiting = new Map<Promise<unknown>, number>();

  constructor(nowMs: number, seed: number, storage: OutboxStorage) {
    this.time = new VirtualTime(nowMs);
    const outside = { WebSocket: this.sockets.WebSocket, random: makeRandom(seed), watch: () => () => {} };
    this.client = new ChatClient({
      signIn: () => this.#signIn(),
      storage,
      environment: { ...this.time.environment, ...outside },
    });
    this.client.onEvent((event) => {
      if ("room" in event && event.room) this.#names.add(event.room);
      this.said.push(["event", event]);
    });
    this.client.connect();
  }

  /** Has the user do something. */
  act(name: string, room: string | null, fields: Fields): void {
    if (room) this.#names.add(room);
    const done = ACTS[name]?.(this.client, room ?? "", fields);
    if (!(done instanceof Promise)) return;
    this.#waiting.set(done, this.time.nowMs);
    const forget = () => this.#waiting.delete(done);
    done.then(forget, forget);
  }

  admit(number: number, admit: Admit): void {
    this.#admissions[number]?.(admit);
  }

  /** The rooms that it wants to be in. */
  get rooms(): string[] {
    return [...this.#names].filter((name) => this.#show(name).state.startsWith("join"));
  }

  /** Tells what the user sees, and for how long requests have been without an answer. */
  show(): unknown {
    const snapshots = Object.fromEntries(this.rooms.map((name) => [name, this.#show(name)]));
    return { snapshots, waitingMs: [...this.#waiting.values()].map((sinceMs) => this.time.nowMs - sinceMs) };
  }

  #show(name: string): RoomSnapshot {
    return this.client.room(name).getSnapshot();
  }

  #signIn(): Promise<Admission> {
    this.said.push(["sign in", this.#admissions.length]);
    return new Promise((resolve, reject) => {
      this.#admissions.push(({ url, user, isRefused }) => {
        if (url !== null) resolve({ url, user, name: user });
        else reject(isRefused ? new SignInRefusedError("not let in") : new Error("no ticket"));
      });
    });
  }
}
