import { openPopover } from "../design/overlays.tsx";
import { EmojiPicker } from "./emoji-picker.tsx";
import { noteUse } from "./recent.ts";

/** Has the user pick an emoji, beside an element. */
export function openEmojiPicker(anchor: Element, onPick: (emoji: string) => void): void {
  openPopover(anchor, "Emoji", (close) => (
    <EmojiPicker
      onPick={(emoji) => {
        close();
        noteUse(emoji);
        onPick(emoji);
      }}
    />
  ));
}
