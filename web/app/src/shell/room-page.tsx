import type { RoomSnapshot } from "@chat-stack/sdk";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Composer } from "../composer/composer.tsx";
import { MembersPanel } from "../members/members-panel.tsx";
import { useMembers } from "../members/use-members.ts";
import { MessageList, type MessageListHandle } from "../messages/message-list.tsx";
import { TypingLine } from "../messages/typing-line.tsx";
import { useSavedMessages } from "../offline/use-saved-messages.ts";
import { ClosedRoom } from "../rooms/closed-room.tsx";
import { type RoomScope, RoomScopeProvider, type Target } from "../rooms/room-context.ts";
import { RoomHeader } from "../rooms/room-header.tsx";
import { readDirectRoom } from "../rooms/room-names.ts";
import { useRooms } from "../rooms/use-rooms.ts";
import "./room-page.css";

interface Props {
  name: string;
  areMembersShown: boolean;
  onToggleMembers: () => void;
}

export function RoomPage({ name, areMembersShown, onToggleMembers }: Props) {
  const { client, me } = useChat();
  const room = client.room(name);
  const snapshot = useStore(room);
  const messages = useSavedMessages(name, snapshot);
  const members = useMembers(name);
  const list = useRef<MessageListHandle>(null);
  const [target, setTarget] = useState<Target | null>(null);
  const showMessage = useCallback((seq: number) => list.current?.show(seq), []);
  const access = snapshot.access;
  const scope = useMemo<RoomScope>(() => ({ room, access, setTarget, showMessage }), [room, access, showMessage]);
  const isDirect = readDirectRoom(name, me.user) !== null;
  const isClosed = useIsClosed(snapshot, messages.length > 0);
  return (
    <RoomScopeProvider value={scope}>
      <div class="room-page">
        <main class="room">
          <RoomHeader
            snapshot={snapshot}
            members={members}
            areMembersShown={areMembersShown}
            onToggleMembers={onToggleMembers}
          />
          {isClosed && <ClosedRoom snapshot={snapshot} />}
          {!isClosed && (
            <>
              <MessageList handle={list} snapshot={snapshot} messages={messages} />
              <TypingLine typing={snapshot.typing} />
              <Composer
                snapshot={snapshot}
                messages={messages}
                target={target}
                onSent={() => list.current?.showNewest()}
              />
            </>
          )}
        </main>
        {areMembersShown && !isClosed && !isDirect && (
          <MembersPanel members={members} snapshot={snapshot} onClose={onToggleMembers} />
        )}
      </div>
    </RoomScopeProvider>
  );
}

/** Whether this user is not in the room. A room of theirs that is not joined yet is about to be. */
export function useIsClosed({ room: name, state }: RoomSnapshot, hasSaved: boolean): boolean {
  const { client, areRoomsTold } = useChat();
  const isTold = useStore(areRoomsTold);
  const isListed = useRooms().some(({ room }) => room === name);
  useEffect(() => {
    // Its failure shows in the snapshot's state.
    if (state === "left" && isListed)
      void client
        .room(name)
        .join()
        .catch(() => undefined);
  }, [client, name, state, isListed]);
  return state === "removed" || (state === "left" && !isListed && (isTold || !hasSaved));
}
