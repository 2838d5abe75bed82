import type { ChatClient, ChatEvent, ChatMessage, Member } from "@chat-stack/sdk";
import type { People } from "../chat/people.ts";
import type { SavedChat } from "./saved-chat.ts";

const DELAY_MS = 2000;

/** Saves what changes, soon after it has changed and when the page is put away; returns what ends it. */
export function keepSaved(saved: SavedChat, client: ChatClient, people: People): () => void {
  const changed = new Set<string>();
  const kept = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let me: Member | null = null;

  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    me = client.connection.getSnapshot().user ?? me;
    if (!me) return;
    const messages = new Map<string, readonly ChatMessage[]>();
    // Of a room that was left nothing stays.
    for (const room of kept) if (client.room(room).getSnapshot().state === "left") changed.add(room);
    for (const room of changed) messages.set(room, client.room(room).getSnapshot().messages);
    for (const [room, { length }] of messages) length ? kept.add(room) : kept.delete(room);
    changed.clear();
    const { rooms } = client.rooms.getSnapshot();
    // A copy that can't be kept is only missed without a network.
    void saved.write({ me, rooms, names: [...people.store.getSnapshot()] }, messages).catch(() => undefined);
  };
  const schedule = () => {
    timer ??= setTimeout(save, DELAY_MS);
  };
  const note = (event: ChatEvent) => {
    const isEntry =
      event.type === "message" || event.type === "edited" || event.type === "deleted" || event.type === "reacted";
    if ((isEntry || event.type === "joined" || event.type === "removed") && event.room) changed.add(event.room);
    schedule();
  };
  const saveHidden = () => {
    if (document.hidden && timer) save();
  };

  const endings = [client.onEvent(note), client.rooms.subscribe(schedule), people.store.subscribe(schedule)];
  document.addEventListener("visibilitychange", saveHidden);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", saveHidden);
    for (const end of endings) end();
  };
}
