import type { ChatMessage, Room, RoomSnapshot } from "@chat-stack/sdk";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** What a message that is being written is about. */
export type Target = { readonly kind: "reply" | "edit"; readonly message: ChatMessage };

/** What the parts of an open room share; it changes seldom, unlike the room's snapshot. */
export interface RoomScope {
  readonly room: Room;
  readonly access: RoomSnapshot["access"];
  readonly setTarget: (target: Target | null) => void;
  /** Scrolls to a message, and points it out. */
  readonly showMessage: (seq: number) => void;
}

const RoomScopeContext = createContext<RoomScope | null>(null);
export const RoomScopeProvider = RoomScopeContext.Provider;

export function useRoomScope(): RoomScope {
  const scope = useContext(RoomScopeContext);
  if (!scope) throw new Error("useRoomScope is called outside of RoomScopeProvider");
  return scope;
}
