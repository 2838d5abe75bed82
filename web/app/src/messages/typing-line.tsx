import type { Member } from "@chat-stack/sdk";
import { nameTyping } from "./typing.ts";
import "./typing-line.css";

export function TypingLine({ typing }: { typing: readonly Member[] }) {
  return (
    <div class="typing" aria-live="polite">
      {typing.length > 0 && (
        <>
          <span class="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span class="truncate">{nameTyping(typing)}</span>
        </>
      )}
    </div>
  );
}
