import { Dialog } from "./dialog.tsx";
import { Button, FormError } from "./form.tsx";
import { openDialog } from "./overlays.tsx";
import { useSubmit } from "./use-submit.ts";

interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button says: the deed, not "OK". */
  readonly action: string;
  readonly run: () => Promise<void> | void;
}

/** Asks before something that can't be undone. */
export function confirm(question: Question): void {
  openDialog((close) => <ConfirmDialog {...question} onClose={close} />);
}

function ConfirmDialog({ title, text, action, run, onClose }: Question & { onClose: () => void }) {
  const submit = useSubmit(async () => {
    await run();
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={submit.onSubmit}>
        <p>{text}</p>
        <FormError message={submit.error} />
        <div class="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" isBusy={submit.isBusy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
