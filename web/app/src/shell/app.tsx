import { useEffect, useState } from "preact/hooks";
import { restoreSession, type Session } from "../auth/session.ts";
import { SignInPage } from "../auth/sign-in-page.tsx";
import { type AppConfig, loadConfig } from "../config.ts";
import { Button } from "../design/form.tsx";
import { Toasts } from "../design/toasts.tsx";
import { ChatGate } from "./chat-gate.tsx";
import { Splash } from "./splash.tsx";

export function App() {
  const [config, setConfig] = useState<AppConfig | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const load = () => {
    setFailure(null);
    loadConfig().then(setConfig, (error: Error) => setFailure(error.message));
  };
  useEffect(load, []);
  if (failure) {
    return (
      <Splash title="The chat can't be reached" text={failure}>
        <Button kind="primary" onClick={load}>
          Try again
        </Button>
      </Splash>
    );
  }
  return (
    <>
      {config ? <SignedInOrNot config={config} /> : <Splash isBusy />}
      <Toasts />
    </>
  );
}

function SignedInOrNot({ config }: { config: AppConfig }) {
  const [session, setSession] = useState<Session | null>(() => restoreSession(config));
  const [reason, setReason] = useState<string | null>(null);
  const end = (why: string | null) => {
    setReason(why);
    setSession(null);
  };
  if (!session) return <SignInPage config={config} reason={reason} onSession={setSession} />;
  return <ChatGate key={session.storageName} session={session} onEnd={end} />;
}
