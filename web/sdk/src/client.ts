import { CONNECTION, LIST } from "./core/effect.ts";
import { completeEnvironment, type Environment } from "./environment.ts";
import type { ChatEvent } from "./events.ts";
import { Room } from "./room.ts";
import { Runner } from "./runner.ts";
import type { SignIn } from "./sign-in.ts";
import type { ConnectionSnapshot, Meta, RoomListSnapshot } from "./snapshots.ts";
import { NO_STORAGE, type OutboxStorage } from "./storage.ts";
import type { Store } from "./store.ts";
import { DEFAULT_TIMING, type Timing } from "./timing.ts";

export interface ChatClientOptions {
  readonly signIn: SignIn;
  /** Where the outbox is kept, by default in memory only. One storage is for one user. */
  readonly storage?: OutboxStorage;
  /** WebSocket, clock, random numbers and timers, by default those of the platform. */
  readonly environment?: Partial<Environment>;
  readonly timing?: Partial<Timing>;
}

/** This user's rooms, the latest first: those that `load` has brought, and those joined since. */
export interface RoomList extends Store<RoomListSnapshot> {
  /** Asks for the first page: call it once connected, and when the list is shown again. */
  load(): Promise<void>;
  loadMore(): Promise<void>;
}

/** A user of the chat: connects, reconnects, and shows everything in order, once. */
export class ChatClient {
  readonly connection: Store<ConnectionSnapshot>;
  readonly rooms: RoomList;
  readonly #runner: Runner;
  readonly #rooms = new Map<string, Room>();

  constructor({ signIn, storage = NO_STORAGE, environment, timing }: ChatClientOptions) {
    this.#runner = new Runner({
      signIn,
      storage,
      environment: completeEnvironment(environment),
      timing: { ...DEFAULT_TIMING, ...timing },
    });
    const { session } = this.#runner;
    this.connection = this.#runner.view(CONNECTION, () => session.connection);
    this.rooms = {
      ...this.#runner.view(LIST, () => session.rooms.showList()),
      load: () => this.#load(false),
      loadMore: () => this.#load(true),
    };
  }

  /** Starts to connect, and returns at once; `connection` and events tell how it goes. */
  connect(): void {
    this.#runner.start();
  }

  /** Closes the connection: requests without an answer fail with `client.closed`, writes wait for `connect`. */
  close(): void {
    this.#runner.stop();
  }

  /** Looks at the connection now: call it when a mobile app comes to the front. Pages do so by themselves. */
  wake(): void {
    this.#runner.run((session) => session.wake());
  }

  /** Returns a room, the same object for the same name. It is not joined by that. */
  room(name: string): Room {
    const known = this.#rooms.get(name);
    if (known) return known;
    const room = new Room(
      name,
      this.#runner,
      this.#runner.view(name, () => this.#runner.session.rooms.show(name)),
    );
    this.#rooms.set(name, room);
    return room;
  }

  /** Sends a message to a user, into the direct room with them, which is joined. Returns its id. */
  sendTo(user: string, text: string, meta?: Meta): string {
    return this.#runner.run((session) => session.write("send", { to: user, text, meta }));
  }

  /** Keeps a user out of the whole chat. */
  ban(user: string): Promise<void> {
    return this.#runner.request((session) => session.ask("ban", { user }));
  }

  /** Lets a user into the chat again. */
  unban(user: string): Promise<void> {
    return this.#runner.request((session) => session.ask("unban", { user }));
  }

  /** Has a listener called with everything that happens, in order, once; returns what ends it. */
  onEvent(listener: (event: ChatEvent) => void): () => void {
    const { listeners } = this.#runner;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #load(isMore: boolean): Promise<void> {
    return this.#runner.request((session) => session.loadRooms(isMore));
  }
}
