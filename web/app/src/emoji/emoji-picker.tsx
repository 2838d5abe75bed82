import { useState } from "preact/hooks";
import { moveFocus } from "../design/roving.ts";
import { EMOJI, type Emoji, findEmoji } from "./emoji.ts";
import { readRecent } from "./recent.ts";
import "./emoji-picker.css";

/** As many as the style sheet puts in a line. */
const COLUMNS = 8;

export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const [typed, setTyped] = useState("");
  const [recent] = useState(() => readRecent().map((character) => ({ character, words: character })));
  const found = typed.trim() ? findEmoji(typed) : null;
  const onKeyDown = (event: KeyboardEvent) => {
    const isSearch = event.target instanceof HTMLInputElement;
    if (isSearch && event.key === "Enter" && found?.[0]) onPick(found[0].character);
    // In the search field, only the way down to the emoji is not the field's own.
    if (isSearch && event.key !== "ArrowDown") return;
    if (moveFocus(event, ".emoji", isSearch ? 1 : COLUMNS)) event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it moves the focus among the buttons inside
    <div class="emoji-picker" onKeyDown={onKeyDown}>
      <input
        type="search"
        class="emoji-search"
        placeholder="Search"
        aria-label="Search emoji"
        autocomplete="off"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <div class="emoji-list">
        {found && <Group name={found.length ? "Found" : "Nothing found"} emoji={found} onPick={onPick} />}
        {!found && recent.length > 0 && <Group name="Recent" emoji={recent} onPick={onPick} />}
        {!found && EMOJI.map(({ name, emoji }) => <Group key={name} name={name} emoji={emoji} onPick={onPick} />)}
      </div>
    </div>
  );
}

interface GroupProps {
  name: string;
  emoji: readonly Emoji[];
  onPick: (emoji: string) => void;
}

function Group({ name, emoji, onPick }: GroupProps) {
  return (
    <section aria-label={name}>
      <h3 class="menu-heading">{name}</h3>
      <div class="emoji-grid">
        {emoji.map(({ character, words }) => (
          <button
            key={character}
            type="button"
            class="emoji"
            aria-label={words}
            title={words}
            onClick={() => onPick(character)}
          >
            {character}
          </button>
        ))}
      </div>
    </section>
  );
}
