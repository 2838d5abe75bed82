import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Avatar } from "../design/avatar.tsx";

const MOST_SHOWN = 4;

/** Who has read up to here. */
export function Receipts({ readers }: { readers: readonly string[] }) {
  const { people } = useChat();
  const names = useStore(people.store);
  const nameOf = (user: string) => names.get(user) ?? user;
  const label = `Read by ${readers.map(nameOf).join(", ")}`;
  return (
    <div class="receipts" role="img" aria-label={label} title={label}>
      {readers.slice(0, MOST_SHOWN).map((user) => (
        <Avatar key={user} user={user} name={nameOf(user)} size="small" />
      ))}
      {readers.length > MOST_SHOWN && <span class="receipts-more">+{readers.length - MOST_SHOWN}</span>}
    </div>
  );
}
