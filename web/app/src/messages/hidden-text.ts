/** Joiners that scripts and emoji need, tags of flags, and the white space that people type. */
const HARMLESS = /^(?:\n|\t|\u200c|\u200d|[\u{e0020}-\u{e007f}])$/u;
const HIDDEN = /[\p{Cc}\p{Cf}]/gu;

/** Shows characters that would reorder or hide text, such as right-to-left overrides, by their code points. */
export function revealHidden(text: string): string {
  return text.replace(HIDDEN, (character) => {
    if (HARMLESS.test(character)) return character;
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** A user's name on one line, without anything that could make it look like another's. */
export function cleanName(name: string): string {
  return name
    .replace(HIDDEN, (character) => (/[\u200c\u200d]/.test(character) ? character : ""))
    .replace(/\s+/gu, " ")
    .trim();
}
