import type { RoomSnapshot } from "@chat-stack/sdk";
import { useChat } from "../chat/chat.ts";
import { EmptyState } from "../design/empty-state.tsx";
import { Button, FormError } from "../design/form.tsx";
import { useSubmit } from "../design/use-submit.ts";
import { explainRemoval } from "./removal.ts";

/** In the place of a room that this user is not in. */
export function ClosedRoom({ snapshot }: { snapshot: RoomSnapshot }) {
  const { client } = useChat();
  const { title, text, canJoin } = explainRemoval(snapshot);
  const submit = useSubmit(() => client.room(snapshot.room).join());
  return (
    <EmptyState icon={canJoin ? "door" : "ban"} title={title} text={text}>
      <FormError message={submit.error} />
      {canJoin && (
        <form onSubmit={submit.onSubmit}>
          <Button kind="primary" type="submit" isBusy={submit.isBusy}>
            Join
          </Button>
        </form>
      )}
    </EmptyState>
  );
}
