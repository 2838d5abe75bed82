import { Button, FormError, TextField } from "../design/form.tsx";
import { readField, useSubmit } from "../design/use-submit.ts";
import { type Challenge, CognitoError } from "./cognito.ts";
import type { Step, StepProps } from "./cognito-forms.tsx";

interface SignInProps extends StepProps {
  step: Extract<Step, { form: "signIn" }>;
  canSignUp: boolean;
}

export function SignInForm({ cognito, go, accept, step, canSignUp }: SignInProps) {
  const submit = useSubmit(async (fields) => {
    const [email, password] = [readField(fields, "email").trim(), readField(fields, "password")];
    try {
      accept(await cognito.signIn(email, password));
    } catch (error) {
      const isUnconfirmed = error instanceof CognitoError && error.code === "UserNotConfirmedException";
      if (!isUnconfirmed) throw error;
      await cognito.resendCode(email);
      go({ form: "confirm", email, password });
    }
  });
  return (
    <form class="form" onSubmit={submit.onSubmit}>
      <h1>Sign in</h1>
      {step.notice && (
        <p class="notice" role="status">
          {step.notice}
        </p>
      )}
      <TextField
        label="Email"
        name="email"
        type="email"
        autocomplete="username"
        value={step.email}
        required
        autofocus
      />
      <TextField label="Password" name="password" type="password" autocomplete="current-password" required />
      <FormError message={submit.error} />
      <Button kind="primary" isBusy={submit.isBusy} type="submit">
        Sign in
      </Button>
      <div class="sign-in-links">
        <Button kind="link" onClick={() => go({ form: "forgot", email: "" })}>
          Forgot your password?
        </Button>
        {canSignUp && (
          <Button kind="link" onClick={() => go({ form: "signUp" })}>
            Create an account
          </Button>
        )}
      </div>
    </form>
  );
}

export function ChallengeForm({ cognito, accept, challenge }: StepProps & { challenge: Challenge }) {
  const isPassword = challenge.name === "NEW_PASSWORD_REQUIRED";
  const submit = useSubmit(async (fields) =>
    accept(await cognito.answerChallenge(challenge, readField(fields, "secret"))),
  );
  return (
    <form class="form" onSubmit={submit.onSubmit}>
      <h1>{isPassword ? "Choose a password" : "Two-step sign-in"}</h1>
      <p class="sign-in-lead">
        {isPassword
          ? "Yours was set by somebody else. Choose one of your own."
          : "Enter the code your authenticator shows."}
      </p>
      {isPassword ? (
        <TextField label="New password" name="secret" type="password" autocomplete="new-password" required autofocus />
      ) : (
        <TextField label="Code" name="secret" inputMode="numeric" autocomplete="one-time-code" required autofocus />
      )}
      <FormError message={submit.error} />
      <Button kind="primary" isBusy={submit.isBusy} type="submit">
        Continue
      </Button>
    </form>
  );
}
