import type { ChatMessage, Member, RoomSummary } from "@chat-stack/sdk";
import { clear, createStore, get, setMany } from "idb-keyval";

/** What the app shows before it is connected: the last that was seen. */
export interface SavedState {
  readonly me: Member | null;
  readonly rooms: readonly RoomSummary[];
  readonly names: readonly (readonly [string, string])[];
}

const KEPT_MESSAGES = 100;
const EMPTY: SavedState = { me: null, rooms: [], names: [] };

/** One user's copy of the chat on this device, in IndexedDB. */
export class SavedChat {
  private readonly store: ReturnType<typeof createStore>;

  constructor(storageName: string) {
    this.store = createStore(`chat-saved-${storageName}`, "saved");
  }

  /** Reads everything but messages; nothing where the browser keeps nothing, as in some private windows. */
  async read(): Promise<SavedState> {
    return (await this.get<SavedState>("state")) ?? EMPTY;
  }

  async readMessages(room: string): Promise<readonly ChatMessage[]> {
    return (await this.get<readonly ChatMessage[]>(keyOf(room))) ?? [];
  }

  /** Keeps the state, and the newest messages of some rooms. */
  async write(state: SavedState, messages: ReadonlyMap<string, readonly ChatMessage[]>): Promise<void> {
    const rooms = [...messages].map(([room, all]) => [keyOf(room), all.slice(-KEPT_MESSAGES)] as [string, unknown]);
    await setMany([["state", state], ...rooms], this.store);
  }

  async clear(): Promise<void> {
    await clear(this.store);
  }

  private async get<T>(key: string): Promise<T | undefined> {
    try {
      return await get<T>(key, this.store);
    } catch {
      return undefined;
    }
  }
}

function keyOf(room: string): string {
  return `room ${room}`;
}
