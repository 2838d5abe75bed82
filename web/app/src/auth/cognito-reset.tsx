import { Button, FormError, TextField } from "../design/form.tsx";
import { readField, useSubmit } from "../design/use-submit.ts";
import type { StepProps } from "./cognito-forms.tsx";

export function ForgotForm({ cognito, go, email }: StepProps & { email: string }) {
  const submit = useSubmit(async (fields) => {
    const address = readField(fields, "email").trim();
    await cognito.forgotPassword(address);
    go({ form: "reset", email: address });
  });
  return (
    <form class="form" onSubmit={submit.onSubmit}>
      <h1>Forgot your password?</h1>
      <p class="sign-in-lead">We send a code to your address, with which you choose a new one.</p>
      <TextField label="Email" name="email" type="email" autocomplete="username" value={email} required autofocus />
      <FormError message={submit.error} />
      <Button kind="primary" isBusy={submit.isBusy} type="submit">
        Send a code
      </Button>
      <div class="sign-in-links">
        <Button kind="link" onClick={() => go({ form: "signIn" })}>
          Back
        </Button>
      </div>
    </form>
  );
}

export function ResetForm({ cognito, go, email }: StepProps & { email: string }) {
  const submit = useSubmit(async (fields) => {
    await cognito.confirmForgotPassword(email, readField(fields, "code").trim(), readField(fields, "password"));
    go({ form: "signIn", email, notice: "Your password is changed. Sign in with it." });
  });
  return (
    <form class="form" onSubmit={submit.onSubmit}>
      <h1>Choose a new password</h1>
      <p class="sign-in-lead">
        If <strong>{email}</strong> has an account, a code is on its way there.
      </p>
      <TextField label="Code" name="code" inputMode="numeric" autocomplete="one-time-code" required autofocus />
      <TextField label="New password" name="password" type="password" autocomplete="new-password" required />
      <FormError message={submit.error} />
      <Button kind="primary" isBusy={submit.isBusy} type="submit">
        Save
      </Button>
    </form>
  );
}
