import type { AppConfig } from "../config.ts";
import { Button, FormError, TextField } from "../design/form.tsx";
import { readField, useSubmit } from "../design/use-submit.ts";
import { MAX_NAME_LENGTH, startGuestSession } from "./guest-session.ts";
import type { Session } from "./session.ts";

export function GuestForm({ config, onSession }: { config: AppConfig; onSession: (session: Session) => void }) {
  const submit = useSubmit((fields) => {
    const name = readField(fields, "name").trim();
    if (!name) throw new Error("Tell the others what to call you.");
    onSession(startGuestSession(config, name));
  });
  return (
    <form class="form" onSubmit={submit.onSubmit}>
      <h1>Welcome</h1>
      <p class="sign-in-lead">Pick a name and start talking. No account needed.</p>
      <TextField
        label="Your name"
        name="name"
        autocomplete="nickname"
        maxLength={MAX_NAME_LENGTH}
        placeholder="Ada Lovelace"
        required
        autofocus
      />
      <FormError message={submit.error} />
      <Button kind="primary" isBusy={submit.isBusy} type="submit">
        Continue
      </Button>
    </form>
  );
}
