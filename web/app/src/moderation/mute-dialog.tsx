import type { Member, Room } from "@chat-stack/sdk";
import { useState } from "preact/hooks";
import { Choice } from "../design/choice.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Button, FormError } from "../design/form.tsx";
import { showToast } from "../design/toasts.tsx";
import { useSubmit } from "../design/use-submit.ts";

const DURATIONS = [
  { value: "300", label: "5 min" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "1 week" },
] as const;
type Seconds = (typeof DURATIONS)[number]["value"];

export function MuteDialog({ room, member, onClose }: { room: Room; member: Member; onClose: () => void }) {
  const [seconds, setSeconds] = useState<Seconds>("300");
  const submit = useSubmit(async () => {
    await room.mute(member.user, Number(seconds));
    onClose();
    showToast(`${member.name} can't write here for now.`);
  });
  return (
    <Dialog title={`Mute ${member.name}?`} onClose={onClose}>
      <form class="form" onSubmit={submit.onSubmit}>
        <p>They go on reading, and can't write here for:</p>
        <Choice label="How long" options={DURATIONS} value={seconds} onChange={setSeconds} />
        <FormError message={submit.error} />
        <div class="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" isBusy={submit.isBusy}>
            Mute
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
