import type { Room } from "@chat-stack/sdk";
import { useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { Dialog } from "../design/dialog.tsx";
import { Button, FormError } from "../design/form.tsx";
import { showToast } from "../design/toasts.tsx";
import { useSubmit } from "../design/use-submit.ts";
import { UserField } from "../members/user-field.tsx";
import { type Scope, ScopeChoice } from "./scope-choice.tsx";

export function UnbanDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  const { client, people } = useChat();
  const [user, setUser] = useState("");
  const [scope, setScope] = useState<Scope>("room");
  const submit = useSubmit(async () => {
    await (scope === "room" ? room : client).unban(user);
    onClose();
    showToast(`${people.name(user)} may come back.`);
  });
  return (
    <Dialog title="Lift a ban" onClose={onClose}>
      <form class="form" onSubmit={submit.onSubmit}>
        <ScopeChoice value={scope} onChange={setScope} />
        <UserField value={user} onChange={setUser} />
        <FormError message={submit.error} />
        <div class="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={submit.isBusy} disabled={user === ""}>
            Lift the ban
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
