import type { ChatEvent, Store } from "@chat-stack/sdk";
import { cleanName } from "../messages/hidden-text.ts";
import { createStore, type WritableStore } from "./store.ts";

/** What users are called, by their ids: learned from whatever names them, since the chat has no list of all users. */
export class People {
  private readonly names: WritableStore<ReadonlyMap<string, string>>;

  constructor(known: Iterable<readonly [string, string]> = []) {
    this.names = createStore<ReadonlyMap<string, string>>(new Map(known));
  }

  get store(): Store<ReadonlyMap<string, string>> {
    return this.names;
  }

  learn(user: string, name: string): void {
    const shown = cleanName(name);
    if (!shown || this.names.getSnapshot().get(user) === shown) return;
    this.names.set((names) => new Map(names).set(user, shown));
  }

  learnFrom(event: ChatEvent): void {
    if ("name" in event && "from" in event) this.learn(event.from, event.name);
    if ("name" in event && "user" in event) this.learn(event.user, event.name);
  }

  /** The user's name; the id of somebody who was not met yet. */
  name(user: string): string {
    return this.names.getSnapshot().get(user) ?? user;
  }
}
