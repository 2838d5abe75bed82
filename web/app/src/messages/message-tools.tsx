import { IconButton } from "../design/form.tsx";
import type { MessageActions } from "./use-message-actions.ts";

const QUICK = ["👍", "❤️", "😂"];

/** What can be done about a message; shown while it is pointed at or has the focus. */
export function MessageTools({ actions }: { actions: MessageActions }) {
  const { react, pickReaction, reply, edit, remove } = actions;
  if (!reply && !remove) return null;
  return (
    <div class="message-tools" role="toolbar" aria-label="Message actions">
      {react &&
        QUICK.map((emoji) => (
          <button
            key={emoji}
            type="button"
            class="message-quick"
            aria-label={`React with ${emoji}`}
            onClick={() => react(emoji)}
          >
            {emoji}
          </button>
        ))}
      {pickReaction && (
        <IconButton
          icon="smile"
          size={18}
          label="React with another emoji"
          onClick={(event) => pickReaction(event.currentTarget as Element)}
        />
      )}
      {reply && <IconButton icon="reply" size={18} label="Reply" onClick={reply} />}
      {edit && <IconButton icon="pencil" size={18} label="Edit" onClick={edit} />}
      {remove && <IconButton icon="trash" size={18} label="Delete" onClick={remove} />}
    </div>
  );
}
