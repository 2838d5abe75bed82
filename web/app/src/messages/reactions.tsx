import { useChat } from "../chat/chat.ts";
import { Icon } from "../design/icon.tsx";
import type { ReactionGroup } from "./changes.ts";
import { revealHidden } from "./hidden-text.ts";
import type { MessageActions } from "./use-message-actions.ts";

interface Props {
  groups: readonly ReactionGroup[];
  actions: MessageActions;
  /** 0 where Tab leads to them: in one message at a time, or it would take forever to get past them all. */
  tabIndex: 0 | -1;
}

export function Reactions({ groups, actions, tabIndex }: Props) {
  const { people, me } = useChat();
  const nameUsers = (users: readonly string[]) =>
    users.map((user) => (user === me.user ? "you" : people.name(user))).join(", ");
  return (
    <div class="reactions">
      {groups.map(({ emoji, users, isMine }) => (
        <button
          key={emoji}
          type="button"
          class="reaction"
          tabIndex={tabIndex}
          aria-pressed={isMine}
          aria-label={`${emoji} ${users.length}: ${nameUsers(users)}`}
          title={nameUsers(users)}
          disabled={!actions.react}
          onClick={() => actions.react?.(emoji)}
        >
          <span class="reaction-emoji">{revealHidden(emoji)}</span>
          {users.length}
        </button>
      ))}
      {actions.pickReaction && (
        <button
          type="button"
          class="reaction reaction-add"
          tabIndex={tabIndex}
          aria-label="Add a reaction"
          onClick={(event) => actions.pickReaction?.(event.currentTarget)}
        >
          <Icon name="smile" size={16} />
        </button>
      )}
    </div>
  );
}
