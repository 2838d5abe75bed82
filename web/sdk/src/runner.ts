import type { Effect, Topic } from "./core/effect.ts";
import { Session } from "./core/session.ts";
import type { Surroundings } from "./core/surroundings.ts";
import type { Environment, Socket } from "./environment.ts";
import { RequestError, SignInRefusedError } from "./errors.ts";
import type { ChatEvent } from "./events.ts";
import type { SignIn } from "./sign-in.ts";
import type { OutboxStorage } from "./storage.ts";
import { shield, View } from "./store.ts";
import type { Timing } from "./timing.ts";

export interface RunnerOptions {
  readonly signIn: SignIn;
  readonly storage: OutboxStorage;
  readonly environment: Environment;
  readonly timing: Timing;
}

/** A timer that is set for longer goes off at once. */
const TIMER_MOST_MS = 2 ** 31 - 1;

type Answer = Extract<Effect, { type: "settle" }>["answer"];

/** Runs a session: gives it the time, frames and commands, and does what it says with sockets, timers and storage. */
export class Runner {
  readonly session: Session;
  readonly listeners = new Set<(event: ChatEvent) => void>();
  readonly #options: RunnerOptions;
  readonly #views = new Map<Topic, View<unknown>>();
  readonly #sockets = new Map<number, Socket | null>();
  readonly #waiting = new Map<string, ((answer: Answer) => void)[]>();
  #storing: Promise<void> = Promise.resolve();
  #timer: unknown;
  #isPumping = false;
  readonly #loaded: Promise<void>;
  #unwatch: (() => void) | null = null;
  #readMs: number;
  readonly #surroundings: Surroundings;

  constructor(options: RunnerOptions) {
    const { environment, storage, timing } = options;
    this.#options = options;
    const { random } = environment;
    this.#readMs = environment.now();
    this.#surroundings = { nowMs: this.#readMs, random, newId: () => makeId(random), timing };
    this.session = new Session(this.#surroundings);
    this.#loaded = storage
      .load()
      .catch(() => [])
      .then((records) => this.run((session) => session.restore(records)));
  }

  /** Connects, once storage was read. */
  start(): void {
    this.#unwatch ??= this.#options.environment.watch(() => this.run((session) => session.wake()));
    void this.#loaded.then(() => {
      if (this.#unwatch) this.run((session) => session.start());
    });
  }

  stop(): void {
    this.#unwatch?.();
    this.#unwatch = null;
    this.run((session) => session.stop());
  }

  /** Makes a view that is kept up to date. */
  view<T>(topic: Topic, show: () => T): View<T> {
    const view = new View(show);
    this.#views.set(topic, view);
    return view;
  }

  /** Has the session do something, and does what follows from that. */
  run<T>(command: (session: Session) => T): T {
    // A time that never goes back, whatever the clock does.
    const readMs = this.#options.environment.now();
    this.#surroundings.nowMs += Math.max(0, readMs - this.#readMs);
    this.#readMs = readMs;
    const result = command(this.session);
    this.#pump();
    return result;
  }

  /** Has the session make a request; the promise, of the answer's frame, may be left alone. */
  request<T = void>(command: (session: Session) => string): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      this.run((session) => {
        const id = command(session);
        const settle = (frame: Answer) => (frame instanceof RequestError ? reject(frame) : resolve(frame as T));
        this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), settle]);
      });
    });
    answer.catch(() => {});
    return answer;
  }

  /** Does what the session says until it has nothing more to say. What listeners ask for meanwhile waits its turn. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#turn());
    } finally {
      this.#isPumping = false;
      this.#setTimer();
    }
  }

  /** Does what the session says now; says whether it was anything. */
  #turn(): boolean {
    this.session.tick();
    const effects = this.session.takeEffects();
    const views = new Set(effects.map((effect) => (effect.type === "change" ? this.#views.get(effect.of) : undefined)));
    for (const view of views) view?.expire();
    for (const effect of effects) this.#do(effect);
    for (const view of views) view?.notify();
    return effects.length > 0;
  }

  #do(effect: Effect): void {
    const { storage } = this.#options;
    switch (effect.type) {
      case "open":
        void this.#open(effect.socket);
        break;
      case "close": {
        const socket = this.#sockets.get(effect.socket);
        this.#sockets.delete(effect.socket);
        socket?.close();
        break;
      }
      case "transmit":
        this.#sockets.get(effect.socket)?.send(effect.text);
        break;
      case "settle":
        this.#settle(effect.id, effect.answer);
        break;
      case "save":
        void this.#save(effect.record);
        break;
      case "erase":
        void this.#store(() => storage.delete(effect.id)).catch(() => {});
        break;
      case "tell":
        for (const listener of this.listeners) shield(() => listener(effect.event));
    }
  }

  #settle(id: string, answer: Answer): void {
    const waiting = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    for (const settle of waiting) settle(answer);
  }

  /** Signs in and opens a socket, unless it is given up meanwhile. */
  async #open(number: number): Promise<void> {
    const { signIn, environment } = this.#options;
    this.#sockets.set(number, null);
    try {
      const { url, user, name } = await signIn();
      if (!this.#sockets.has(number)) return;
      const socket = new environment.WebSocket(url);
      this.#sockets.set(number, socket);
      socket.onopen = () => this.run((session) => session.open(number, { user, name }));
      socket.onmessage = ({ data }: { data: unknown }) => {
        this.run((session) => session.receiver.receive(number, String(data)));
      };
      socket.onclose = ({ code, reason }: { code?: number; reason?: string }) => {
        this.#lose(number, reason || `the connection was closed (${code})`);
      };
      // `close` follows; the package `ws` throws where nobody listens.
      socket.onerror = () => {};
    } catch (error) {
      this.#lose(number, error);
    }
  }

  #lose(number: number, error: unknown): void {
    if (!this.#sockets.delete(number)) return;
    this.run((session) => {
      if (error instanceof SignInRefusedError) session.refuse(error.message);
      else session.lose(number, describe(error));
    });
  }

  async #save(record: Extract<Effect, { type: "save" }>["record"]): Promise<void> {
    const { storage } = this.#options;
    let reason: string | null = null;
    try {
      await this.#store(() => storage.put(record));
    } catch (error) {
      reason = describe(error);
      // What is kept of it is older: after a reload it would be sent as something else.
      await this.#store(() => storage.delete(record.id)).catch(() => {});
    }
    this.run((session) => session.noteSaved(record.id, reason));
  }

  /** Does one thing with storage after the other. */
  #store(work: () => Promise<void>): Promise<void> {
    const done = this.#storing.then(work);
    this.#storing = done.catch(() => {});
    return done;
  }

  #setTimer(): void {
    const { environment } = this.#options;
    environment.clearTimeout(this.#timer as never);
    const waitMs = this.session.deadline() - this.#surroundings.nowMs;
    if (waitMs === Infinity) return;
    this.#timer = environment.setTimeout(() => this.run(() => {}), Math.min(Math.max(waitMs, 0), TIMER_MOST_MS));
  }
}

/** Makes an id of letters and digits, with 144 random bits. */
function makeId(random: () => number): string {
  return [0, 0, 0].map(() => Math.floor(random() * 2 ** 48).toString(36)).join("");
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
