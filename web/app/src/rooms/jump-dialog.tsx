import { useMemo, useState } from "preact/hooks";
import { type Chat, findDirectRoom, useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Avatar } from "../design/avatar.tsx";
import { Dialog } from "../design/dialog.tsx";
import { TextField } from "../design/form.tsx";
import { openDialog } from "../design/overlays.tsx";
import { moveFocus } from "../design/roving.ts";
import { findPeople } from "../members/people-search.ts";
import { openRoom } from "../shell/route.ts";
import { openDirectRoom } from "./direct.ts";
import { RoomBadge } from "./room-badge.tsx";
import { sortRooms } from "./room-order.ts";
import { useRooms } from "./use-rooms.ts";

const MOST_SHOWN = 7;

export function openJumpDialog(): void {
  openDialog((close) => <JumpDialog onClose={close} />);
}

/** Finds a room or a person by a few letters. */
function JumpDialog({ onClose }: { onClose: () => void }) {
  const targets = useTargets();
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLocaleLowerCase();
  const found = targets.filter(({ label }) => label.toLocaleLowerCase().includes(wanted)).slice(0, MOST_SHOWN);
  const go = (target: Target | undefined) => {
    if (!target) return;
    onClose();
    target.open();
  };
  return (
    <Dialog title="Jump to" onClose={onClose}>
      <form
        class="form"
        onKeyDown={(event) => moveFocus(event, "input, .menu-item") && event.preventDefault()}
        onSubmit={(event) => {
          event.preventDefault();
          go(found[0]);
        }}
      >
        <TextField
          label="Room or person"
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setTyped(event.currentTarget.value)}
          autofocus
        />
        <ul>
          {found.map((target) => (
            <li key={target.key}>
              <button type="button" class="menu-item" onClick={() => go(target)}>
                {target.user ? <Avatar user={target.user} name={target.label} /> : <RoomBadge room={target.label} />}
                <span class="truncate">{target.label}</span>
              </button>
            </li>
          ))}
        </ul>
        {found.length === 0 && <p class="field-hint">Nothing found.</p>}
      </form>
    </Dialog>
  );
}

interface Target {
  readonly key: string;
  readonly label: string;
  readonly user: string | null;
  readonly open: () => void;
}

function useTargets(): readonly Target[] {
  const chat: Chat = useChat();
  const all = useRooms();
  const names = useStore(chat.people.store);
  return useMemo(() => {
    const { rooms } = sortRooms(all, chat.me.user);
    const people = findPeople(names, "", chat.me.user);
    return [
      ...rooms.map(({ room }) => ({ key: room, label: room, user: null, open: () => openRoom(room) })),
      ...people.map(({ user, name }) => ({
        key: `user ${user}`,
        label: name,
        user,
        open: () => openDirectRoom(findDirectRoom(chat, user)),
      })),
    ];
  }, [all, names, chat]);
}
