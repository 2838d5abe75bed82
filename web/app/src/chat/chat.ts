import {
  ChatClient,
  indexedDbStorage,
  type Member,
  nameDirectRoom,
  type Room,
  type RoomSummary,
  type Store,
} from "@chat-stack/sdk";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Session } from "../auth/session.ts";
import { SavedChat } from "../offline/saved-chat.ts";
import { keepSaved } from "../offline/saver.ts";
import { watchRooms } from "../rooms/room-watch.ts";
import { Drafts } from "./drafts.ts";
import { People } from "./people.ts";
import { createStore } from "./store.ts";

/** What the components of a signed-in user share. */
export interface Chat {
  readonly client: ChatClient;
  readonly session: Session;
  readonly me: Member;
  readonly people: People;
  readonly saved: SavedChat;
  /** Rooms as they were when the app was last open; shown until the chat answers. */
  readonly savedRooms: readonly RoomSummary[];
  /** Whether the chat has told which rooms are this user's. */
  readonly areRoomsTold: Store<boolean>;
  readonly drafts: Drafts;
  /** Forgets everything that is kept of this user on this device. */
  readonly forget: () => Promise<void>;
}

/** A chat that has begun; `me` is null until it is known who this is. */
export interface StartedChat extends Omit<Chat, "me"> {
  readonly me: Member | null;
  readonly stop: () => void;
}

const ChatContext = createContext<Chat | null>(null);
export const ChatProvider = ChatContext.Provider;

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("useChat is called outside of ChatProvider");
  return chat;
}

/** Starts to connect, with what is kept on this device. */
export async function startChat(session: Session): Promise<StartedChat> {
  const outbox = `chat-outbox-${session.storageName}`;
  const saved = new SavedChat(session.storageName);
  const { me, rooms, names } = await saved.read();
  const client = new ChatClient({ signIn: session.signIn, storage: indexedDbStorage(outbox) });
  const people = new People(names);
  const drafts = new Drafts(session.storageName);
  const areRoomsTold = createStore(false);
  const endings = [
    client.onEvent((event) => people.learnFrom(event)),
    keepSaved(saved, client, people),
    watchRooms(client, people, () => areRoomsTold.set(true)),
  ];
  client.connect();
  const stop = () => {
    for (const end of endings) end();
    client.close();
  };
  const forget = async () => {
    stop();
    drafts.clear();
    await saved.clear().catch(() => undefined);
    indexedDB.deleteDatabase(outbox);
  };
  return { client, session, me, people, saved, savedRooms: rooms, areRoomsTold, drafts, forget, stop };
}

/** The direct room with a user. */
export function findDirectRoom(chat: Chat, user: string): Room {
  return chat.client.room(nameDirectRoom(chat.me.user, user));
}
