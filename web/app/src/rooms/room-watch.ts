import type { ChatClient, ChatEvent } from "@chat-stack/sdk";
import type { People } from "../chat/people.ts";
import { showToast } from "../design/toasts.tsx";
import { openRoom } from "../shell/route.ts";

/** A connection is in at most 50 rooms; some are left for those that are joined by hand. */
const MOST_JOINED = 40;
const SOON_MS = 500;

/**
 * Joins this user's rooms, so that what is new in them arrives; tells of invitations, and of messages that would not
 * survive a reload.
 *
 * @param onTold is called once the chat has told which rooms these are.
 * @returns what ends it.
 */
export function watchRooms(client: ChatClient, people: People, onTold: () => void): () => void {
  const enter = async () => {
    const wanted = Math.max(client.rooms.getSnapshot().rooms.length, MOST_JOINED);
    await client.rooms.load();
    // What more the user had shown stays.
    while (client.rooms.getSnapshot().hasMore && client.rooms.getSnapshot().rooms.length < wanted)
      await client.rooms.loadMore();
    onTold();
    for (const { room } of client.rooms.getSnapshot().rooms.slice(0, MOST_JOINED)) {
      const joinable = client.room(room);
      // A room that can't be joined says so itself, when it is opened.
      if (joinable.getSnapshot().state === "left") void joinable.join().catch(() => undefined);
    }
  };
  let entered = Promise.resolve();
  // One after the other: each begins the list anew.
  const refresh = () => {
    entered = entered.then(enter).catch(() => undefined);
  };
  let isDue = false;
  let isWarned = false;
  const refreshSoon = () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      refresh();
    }, SOON_MS);
  };
  return client.onEvent((event: ChatEvent) => {
    if (event.type === "connection" && event.state === "online") refresh();
    // How much of a room is unread, somebody's first direct messages for one, is not known before the list tells it.
    if (event.type === "message" && event.room && client.room(event.room).getSnapshot().read === null) refreshSoon();
    if (event.type === "unsaved" && !isWarned) {
      isWarned = true;
      showToast(`Messages are lost if the page is closed before they are sent: ${event.reason}`, { isError: true });
    }
    if (event.type === "invited") {
      refresh();
      showToast(`${people.name(event.user)} invited you to #${event.room}`, {
        action: { label: "Open", run: () => openRoom(event.room) },
      });
    }
  });
}
