import { IconButton } from "../design/form.tsx";
import { Icon } from "../design/icon.tsx";
import { cleanName } from "../messages/hidden-text.ts";
import { flattenMarkdown } from "../messages/markdown.ts";
import type { Target } from "../rooms/room-context.ts";

/** Which message is answered or edited. */
export function TargetBar({ target, onCancel }: { target: Target; onCancel: () => void }) {
  const { kind, message } = target;
  return (
    <div class="target-bar">
      <Icon name={kind === "edit" ? "pencil" : "reply"} size={18} />
      <div class="target-bar-text">
        <strong class="truncate">
          {kind === "edit" ? "Edit message" : `Reply to ${cleanName(message.name) || message.from}`}
        </strong>
        <span class="truncate" dir="auto">
          {flattenMarkdown((message.text ?? "").slice(0, 200))}
        </span>
      </div>
      <IconButton
        icon="close"
        size={18}
        label={kind === "edit" ? "Cancel the edit" : "Cancel the reply"}
        onClick={onCancel}
      />
    </div>
  );
}
