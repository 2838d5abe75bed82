import { useState } from "preact/hooks";
import { findDirectRoom, useChat } from "../chat/chat.ts";
import { Dialog } from "../design/dialog.tsx";
import { Button, FormError } from "../design/form.tsx";
import { useSubmit } from "../design/use-submit.ts";
import { UserField } from "../members/user-field.tsx";
import { openDirectRoom } from "./direct.ts";

export function NewMessageDialog({ onClose }: { onClose: () => void }) {
  const chat = useChat();
  const [user, setUser] = useState("");
  const submit = useSubmit(() => {
    onClose();
    openDirectRoom(findDirectRoom(chat, user));
  });
  return (
    <Dialog title="New message" onClose={onClose}>
      <form class="form" onSubmit={submit.onSubmit}>
        <UserField value={user} onChange={setUser} />
        <FormError message={submit.error} />
        <div class="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={user === ""}>
            Write
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
