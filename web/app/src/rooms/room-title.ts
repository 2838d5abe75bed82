import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { readDirectRoom } from "./room-names.ts";

export interface RoomTitle {
  /** What the room is called: its name, or the other user's. */
  readonly title: string;
  /** The other user of a direct room. */
  readonly other: string | null;
}

export function useRoomTitle(room: string): RoomTitle {
  const { people, me } = useChat();
  const names = useStore(people.store);
  const other = readDirectRoom(room, me.user);
  if (other === null) return { title: room, other };
  return { title: other === me.user ? `${me.name} (you)` : (names.get(other) ?? other), other };
}
