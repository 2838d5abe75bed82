import { useEffect, useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Icon } from "../design/icon.tsx";
import "./connection-banner.css";

/** A connection that comes back at once is not worth a word. */
const PATIENCE_MS = 1500;

export function ConnectionBanner() {
  const { client } = useChat();
  const { state, retryAtMs } = useStore(client.connection);
  const isOnline = state === "online";
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (isOnline) return setShown(false);
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isOnline]);
  return (
    <div class="connection" role="status">
      {isShown && !isOnline && (
        <div class="connection-banner">
          <Icon name="alert" size={16} />
          <span>{state === "connecting" ? "Connecting…" : "You're offline. Messages are sent once you're back."}</span>
          {state === "offline" && retryAtMs !== null && (
            <button type="button" class="connection-retry" onClick={() => client.wake()}>
              Try now
            </button>
          )}
        </div>
      )}
    </div>
  );
}
