import type { ChatMessage, PendingWrite } from "@chat-stack/sdk";

export interface ReactionGroup {
  readonly emoji: string;
  readonly users: readonly string[];
  readonly isMine: boolean;
}

export interface ShownMessage {
  readonly text: string | null;
  readonly isDeleted: boolean;
  readonly isEdited: boolean;
  readonly reactions: readonly ReactionGroup[];
  /** A change that was refused, to be retried or given up. */
  readonly failed: PendingWrite | null;
  readonly isSaving: boolean;
}

/** A message as it will be once this user's changes to it are stored. */
export function applyChanges(message: ChatMessage, changes: readonly PendingWrite[], me: string): ShownMessage {
  const reactions = new Map(Object.entries(message.reactions));
  let { text, deleted: isDeleted, edited: isEdited } = message;
  for (const change of changes) {
    if (change.state === "failed") continue;
    if (change.action === "edit") [text, isEdited] = [change.text, true];
    if (change.action === "delete") isDeleted = true;
    if (change.action === "react" && change.emoji) {
      const others = (reactions.get(change.emoji) ?? []).filter((user) => user !== me);
      reactions.set(change.emoji, change.remove ? others : [...others, me]);
    }
  }
  return {
    text: isDeleted ? null : text,
    isDeleted,
    isEdited,
    reactions: [...reactions]
      .filter(([, users]) => users.length > 0)
      .map(([emoji, users]) => ({ emoji, users, isMine: users.includes(me) })),
    failed: changes.find((change) => change.state === "failed") ?? null,
    isSaving: changes.some((change) => change.state === "sending" && change.action !== "react"),
  };
}
