import type { Action, WriteAction } from "./core/request.ts";
import type { Runner } from "./runner.ts";
import type { MembersPage, Meta, RoomSnapshot } from "./snapshots.ts";
import type { Store } from "./store.ts";

/** One room: its snapshot, and what can be done there. */
export class Room implements Store<RoomSnapshot> {
  readonly name: string;
  readonly getSnapshot: () => RoomSnapshot;
  readonly subscribe: (listener: () => void) => () => void;
  readonly #runner: Runner;

  constructor(name: string, runner: Runner, store: Store<RoomSnapshot>) {
    this.name = name;
    this.#runner = runner;
    this.getSnapshot = store.getSnapshot;
    this.subscribe = store.subscribe;
  }

  /**
   * Enters the room, and stays in it over reconnects until `leave`, or until the snapshot's state is "removed".
   *
   * @param position the last seq that was shown before this client was made; the newest messages where it is left out.
   */
  join(position?: { after: number; epoch?: string | null }): Promise<void> {
    return this.#runner.request((session) => session.join(this.name, position));
  }

  /**
   * Leaves the room at once and forgets what was shown; what was asked there and is not answered fails with
   * `client.left`. Fulfilled once the server knows, which may be after the next connect.
   */
  leave(): Promise<void> {
    return this.#runner.request((session) => session.leave(this.name));
  }

  /** Sends a message, exactly once, after those sent before; joins the room where that is needed. Returns its id. */
  send(text: string, meta?: Meta): string {
    return this.#write("send", { text, meta });
  }

  /** Gives this user's own message another text. */
  edit(seq: number, text: string): string {
    return this.#write("edit", { seq, text });
  }

  /** Deletes a message, this user's own or, for who moderates the room, anybody's. */
  delete(seq: number): string {
    return this.#write("delete", { seq });
  }

  /** Reacts to a message, or takes that back. */
  react(seq: number, emoji: string, { remove = false } = {}): string {
    return this.#write("react", { seq, emoji, remove });
  }

  /** Sends a failed write again. */
  retry(id: string): void {
    this.#runner.run((session) => session.rooms.retry(id));
  }

  /** Forgets a failed write. */
  discard(id: string): void {
    this.#runner.run((session) => session.rooms.outbox.discard(id));
  }

  /** Puts older messages in front of the snapshot's; at most `limit` entries, or 100, are read. */
  loadOlder(limit?: number): Promise<void> {
    return this.#runner.request((session) => session.loadOlder(this.name, limit));
  }

  /** Asks who is here: the first page, or that which `next` of the last one names. */
  members(next?: string): Promise<MembersPage> {
    return this.#ask("members", { next });
  }

  /** Says that the user has seen the message with this seq, or all there are: call it for every one that is seen. */
  markRead(seq?: number): void {
    this.#runner.run((session) => session.rooms.markRead(this.name, seq));
  }

  /** Says that the user is typing: call it for every key. */
  typing(): void {
    this.#runner.run((session) => session.rooms.signalTyping(this.name));
  }

  /** Becomes the owner of the room where nothing was said yet; a private one is for those whom the owner invites. */
  create({ private: isPrivate = false } = {}): Promise<void> {
    return this.#ask("create", { private: isPrivate });
  }

  /** Makes a user a member of a private room. */
  invite(user: string): Promise<void> {
    return this.#ask("invite", { user });
  }

  /** Takes a user's membership of a private room away. */
  remove(user: string): Promise<void> {
    return this.#ask("remove", { user });
  }

  /** Puts a user out of the room; they may come back. */
  kick(user: string): Promise<void> {
    return this.#ask("kick", { user });
  }

  /** Keeps a user out of the room. */
  ban(user: string): Promise<void> {
    return this.#ask("ban", { user });
  }

  /** Lets a user in again. */
  unban(user: string): Promise<void> {
    return this.#ask("unban", { user });
  }

  /** Keeps a user from writing here for some seconds; 0 ends it. */
  mute(user: string, seconds: number): Promise<void> {
    return this.#ask("mute", { user, seconds });
  }

  #write(action: WriteAction, fields: Record<string, unknown>): string {
    return this.#runner.run((session) => session.write(action, { room: this.name, ...fields }));
  }

  #ask<T = void>(action: Action, fields: Record<string, unknown>): Promise<T> {
    return this.#runner.request<T>((session) => session.ask(action, { room: this.name, ...fields }));
  }
}
