import type { Member, Room } from "@chat-stack/sdk";
import { useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { Dialog } from "../design/dialog.tsx";
import { Button, FormError } from "../design/form.tsx";
import { showToast } from "../design/toasts.tsx";
import { useSubmit } from "../design/use-submit.ts";
import { type Scope, ScopeChoice } from "./scope-choice.tsx";

export function BanDialog({ room, member, onClose }: { room: Room; member: Member; onClose: () => void }) {
  const { client } = useChat();
  const [scope, setScope] = useState<Scope>("room");
  const submit = useSubmit(async () => {
    await (scope === "room" ? room : client).ban(member.user);
    onClose();
    showToast(`${member.name} is banned. The room's menu lifts the ban.`);
  });
  return (
    <Dialog title={`Ban ${member.name}?`} onClose={onClose}>
      <form class="form" onSubmit={submit.onSubmit}>
        <p>They are put out, and can't come back until the ban is lifted.</p>
        <ScopeChoice value={scope} onChange={setScope} />
        <FormError message={submit.error} />
        <div class="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" isBusy={submit.isBusy}>
            Ban
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
