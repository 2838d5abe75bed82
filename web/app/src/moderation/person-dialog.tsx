import { useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { Dialog } from "../design/dialog.tsx";
import { Button, FormError } from "../design/form.tsx";
import { openDialog } from "../design/overlays.tsx";
import { showToast } from "../design/toasts.tsx";
import { useSubmit } from "../design/use-submit.ts";
import { UserField } from "../members/user-field.tsx";

interface Deed {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly run: (user: string) => Promise<void>;
  /** Told once it is done. */
  readonly done: (name: string) => string;
}

/** Asks for a user, and does something about them. */
export function askForPerson(deed: Deed): void {
  openDialog((close) => <PersonDialog {...deed} onClose={close} />);
}

function PersonDialog({ title, action, run, done, onClose }: Deed & { onClose: () => void }) {
  const { people } = useChat();
  const [user, setUser] = useState("");
  const submit = useSubmit(async () => {
    await run(user);
    onClose();
    showToast(done(people.name(user)));
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={submit.onSubmit}>
        <UserField value={user} onChange={setUser} />
        <FormError message={submit.error} />
        <div class="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={submit.isBusy} disabled={user === ""}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
