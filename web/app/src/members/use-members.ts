import type { Member } from "@chat-stack/sdk";
import { useCallback, useEffect, useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { addPage, applyPresence } from "./presence.ts";

export interface Members {
  readonly members: readonly Member[];
  readonly hasMore: boolean;
  readonly loadMore: () => void;
}

const NONE: readonly Member[] = [];

/** Who is in a room now: asked for when it is entered, kept up by what the room tells. */
export function useMembers(name: string): Members {
  const { client, people } = useChat();
  const [members, setMembers] = useState(NONE);
  const [next, setNext] = useState<string | null>(null);
  const { state } = useStore(client.room(name));
  const { state: connection } = useStore(client.connection);
  const isIn = state === "joined" && connection === "online";

  const load = useCallback(
    async (page?: string) => {
      const answer = await client.room(name).members(page);
      for (const { user, name: shown } of answer.members) people.learn(user, shown);
      setMembers((known) => (page ? addPage(known, answer.members) : answer.members));
      setNext(answer.next);
    },
    [client, people, name],
  );
  useEffect(() => {
    // Without an answer the list stays what it was, and is asked for again after the next reconnect.
    if (isIn) void load().catch(() => undefined);
    return client.onEvent((event) => {
      if (event.type === "presence" && event.room === name) setMembers((known) => applyPresence(known, event));
    });
  }, [client, name, isIn, load]);
  return { members, hasMore: next !== null, loadMore: () => void load(next ?? undefined).catch(() => undefined) };
}
