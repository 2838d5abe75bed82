import { Button, FormError, TextField } from "../design/form.tsx";
import { readField, useSubmit } from "../design/use-submit.ts";
import type { Step, StepProps } from "./cognito-forms.tsx";
import { MAX_NAME_LENGTH } from "./guest-session.ts";

export function SignUpForm({ cognito, go }: StepProps) {
  const submit = useSubmit(async (fields) => {
    const [email, password] = [readField(fields, "email").trim(), readField(fields, "password")];
    await cognito.signUp(email, password, readField(fields, "name").trim());
    go({ form: "confirm", email, password });
  });
  return (
    <form class="form" onSubmit={submit.onSubmit}>
      <h1>Create an account</h1>
      <TextField label="Your name" name="name" autocomplete="name" maxLength={MAX_NAME_LENGTH} required autofocus />
      <TextField label="Email" name="email" type="email" autocomplete="username" required />
      <TextField label="Password" name="password" type="password" autocomplete="new-password" required />
      <FormError message={submit.error} />
      <Button kind="primary" isBusy={submit.isBusy} type="submit">
        Sign up
      </Button>
      <div class="sign-in-links">
        <Button kind="link" onClick={() => go({ form: "signIn" })}>
          I have an account
        </Button>
      </div>
    </form>
  );
}

export function ConfirmForm({ cognito, go, accept, step }: StepProps & { step: Extract<Step, { form: "confirm" }> }) {
  const { email, password } = step;
  const submit = useSubmit(async (fields) => {
    await cognito.confirmSignUp(email, readField(fields, "code").trim());
    if (password) accept(await cognito.signIn(email, password));
    else go({ form: "signIn", email, notice: "Your address is confirmed. Sign in." });
  });
  const resend = useSubmit(() => cognito.resendCode(email));
  return (
    <form class="form" onSubmit={submit.onSubmit}>
      <h1>Check your mail</h1>
      <p class="sign-in-lead">
        We sent a code to <strong>{email}</strong>.
      </p>
      <TextField label="Code" name="code" inputMode="numeric" autocomplete="one-time-code" required autofocus />
      <FormError message={submit.error ?? resend.error} />
      <Button kind="primary" isBusy={submit.isBusy} type="submit">
        Confirm
      </Button>
      <div class="sign-in-links">
        <Button kind="link" isBusy={resend.isBusy} onClick={() => void resend.run(new FormData())}>
          Send another code
        </Button>
        <Button kind="link" onClick={() => go({ form: "signIn", email })}>
          Back
        </Button>
      </div>
    </form>
  );
}
