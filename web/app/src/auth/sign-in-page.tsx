import type { AppConfig } from "../config.ts";
import { Logo } from "../design/logo.tsx";
import { CognitoForms } from "./cognito-forms.tsx";
import { GuestForm } from "./guest-form.tsx";
import type { Session } from "./session.ts";
import "./sign-in.css";

interface Props {
  config: AppConfig;
  /** Why the last session ended, where it was not this user's wish. */
  reason: string | null;
  onSession: (session: Session) => void;
}

export function SignInPage({ config, reason, onSession }: Props) {
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <Logo />
        {reason && (
          <p class="notice notice-danger" role="alert">
            {reason}
          </p>
        )}
        {config.auth === "guest" && <GuestForm config={config} onSession={onSession} />}
        {config.auth === "cognito" && <CognitoForms config={config} onSession={onSession} />}
        {config.auth === "jwt" && <ExternalNotice />}
      </div>
    </main>
  );
}

function ExternalNotice() {
  return (
    <>
      <h1>Sign in elsewhere</h1>
      <p class="sign-in-lead">
        This chat takes the users of another sign-in, which this page does not know yet. Whoever runs it connects the
        two in <code>external-session.ts</code>.
      </p>
    </>
  );
}
