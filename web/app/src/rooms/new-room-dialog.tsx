import { useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { Choice } from "../design/choice.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Button, FormError, TextField } from "../design/form.tsx";
import { useSubmit } from "../design/use-submit.ts";
import { openRoom } from "../shell/route.ts";
import { explainBadRoomName, suggestRoomName } from "./room-names.ts";

const KINDS = [
  { value: "join", label: "Join", hint: "Enter a public room. A name nobody has used yet starts a new one." },
  { value: "own", label: "Create", hint: "A public room that you own and moderate." },
  {
    value: "private",
    label: "Create private",
    hint: "Only those whom you invite can find it, read it and write in it.",
  },
] as const;
type Kind = (typeof KINDS)[number]["value"];

export function NewRoomDialog({ onClose }: { onClose: () => void }) {
  const { client } = useChat();
  const [typed, setTyped] = useState("");
  const [kind, setKind] = useState<Kind>("join");
  const name = suggestRoomName(typed);
  const problem = explainBadRoomName(name);
  const submit = useSubmit(async () => {
    if (problem) throw new Error(problem);
    const room = client.room(name);
    if (kind !== "join") await room.create({ private: kind === "private" });
    await room.join();
    onClose();
    openRoom(name);
  });
  return (
    <Dialog title="New room" onClose={onClose}>
      <form class="form" onSubmit={submit.onSubmit}>
        <Choice label="What to do" options={KINDS} value={kind} onChange={setKind} />
        <TextField
          label="Name"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          placeholder="book-club"
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          error={name && problem}
          hint={typed && name !== typed ? `Will be #${name}` : "Letters, digits, - _ . :"}
          autofocus
        />
        <FormError message={submit.error} />
        <div class="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={submit.isBusy} disabled={name === ""}>
            {kind === "join" ? "Join" : "Create"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
