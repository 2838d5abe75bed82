import { useState } from "preact/hooks";
import type { AppConfig } from "../config.ts";
import type { Challenge, CognitoClient, Tokens } from "./cognito.ts";
import { ForgotForm, ResetForm } from "./cognito-reset.tsx";
import { createCognitoClient, startCognitoSession } from "./cognito-session.ts";
import { ChallengeForm, SignInForm } from "./cognito-sign-in.tsx";
import { ConfirmForm, SignUpForm } from "./cognito-sign-up.tsx";
import type { Session } from "./session.ts";

/** Which form is shown, with what the one before it has learned. */
export type Step =
  | { readonly form: "signIn"; readonly email?: string; readonly notice?: string }
  | { readonly form: "challenge"; readonly challenge: Challenge }
  | { readonly form: "signUp" }
  | { readonly form: "confirm"; readonly email: string; readonly password: string | null }
  | { readonly form: "forgot"; readonly email: string }
  | { readonly form: "reset"; readonly email: string };

export interface StepProps {
  readonly cognito: CognitoClient;
  readonly go: (step: Step) => void;
  /** Takes what Cognito answered to a sign-in: lets the user in, or asks for what is missing. */
  readonly accept: (answer: Tokens | Challenge) => void;
}

export function CognitoForms({ config, onSession }: { config: AppConfig; onSession: (session: Session) => void }) {
  const [step, go] = useState<Step>({ form: "signIn" });
  const [cognito] = useState(() => createCognitoClient(config));
  const accept = (answer: Tokens | Challenge) => {
    if ("idToken" in answer) onSession(startCognitoSession(config, answer));
    else go({ form: "challenge", challenge: answer });
  };
  const props: StepProps = { cognito, go, accept };
  switch (step.form) {
    case "signIn":
      return <SignInForm {...props} step={step} canSignUp={config.selfSignUp ?? false} />;
    case "challenge":
      return <ChallengeForm {...props} key={step.challenge.session} challenge={step.challenge} />;
    case "signUp":
      return <SignUpForm {...props} />;
    case "confirm":
      return <ConfirmForm {...props} step={step} />;
    case "forgot":
      return <ForgotForm {...props} email={step.email} />;
    case "reset":
      return <ResetForm {...props} email={step.email} />;
  }
}
