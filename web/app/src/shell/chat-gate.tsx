import { useEffect, useMemo, useState } from "preact/hooks";
import type { Session } from "../auth/session.ts";
import { type Chat, ChatProvider, type StartedChat, startChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Button } from "../design/form.tsx";
import { Overlays } from "../design/overlays.tsx";
import { ChatShell } from "./chat-shell.tsx";
import { closeRoom } from "./route.ts";
import { Splash } from "./splash.tsx";

interface Props {
  session: Session;
  /** The user has signed out, or is not let in: then with the reason. */
  onEnd: (reason: string | null) => void;
}

/** Runs the chat of a session. */
export function ChatGate({ session, onEnd }: Props) {
  const [chat, setChat] = useState<StartedChat | null>(null);
  useEffect(() => {
    let started: StartedChat | null = null;
    let isOver = false;
    void startChat(session).then((ready) => {
      started = ready;
      if (isOver) ready.stop();
      else setChat(ready);
    });
    return () => {
      isOver = true;
      started?.stop();
    };
  }, [session]);
  return chat ? <KnownUser chat={chat} onEnd={onEnd} /> : <Splash isBusy />;
}

function KnownUser({ chat, onEnd }: { chat: StartedChat; onEnd: Props["onEnd"] }) {
  const { state, reason, user } = useStore(chat.client.connection);
  const me = user ?? chat.me;
  // The same object as long as the user is the same: everything below depends on it.
  const shared = useMemo<Chat | null>(() => me && { ...chat, me }, [chat, me?.user, me?.name]);
  const leave = async (why: string | null) => {
    await chat.session.signOut();
    await chat.forget();
    closeRoom();
    onEnd(why);
  };
  if (shared && state !== "refused") {
    return (
      <ChatProvider value={shared}>
        <ChatShell onSignOut={() => leave(null)} />
        <Overlays />
      </ChatProvider>
    );
  }
  if (state === "connecting") return <Splash isBusy />;
  return (
    <Splash title={state === "refused" ? "You are signed out" : "No connection"} text={reason}>
      <Button kind="primary" onClick={() => chat.client.connect()}>
        Try again
      </Button>
      <Button kind="link" onClick={() => void leave(state === "refused" ? reason : null)}>
        Sign in again
      </Button>
    </Splash>
  );
}
