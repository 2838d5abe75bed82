import { useChat } from "../chat/chat.ts";
import { EmptyState } from "../design/empty-state.tsx";
import { Button } from "../design/form.tsx";
import { openDialog } from "../design/overlays.tsx";
import { NewRoomDialog } from "./new-room-dialog.tsx";

/** Beside the list, while no room is open. */
export function WelcomePane() {
  const { me } = useChat();
  return (
    <main class="room">
      <EmptyState
        icon="message"
        title={`Hello, ${me.name}`}
        text="Pick a conversation on the left, or begin a new one."
      >
        <Button kind="primary" onClick={() => openDialog((close) => <NewRoomDialog onClose={close} />)}>
          Join a room
        </Button>
      </EmptyState>
    </main>
  );
}
