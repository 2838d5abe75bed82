import { revealHidden } from "./hidden-text.ts";

/** A piece of a message. There is no kind that carries markup: whoever renders it makes elements, never HTML. */
export type Piece =
  | { readonly kind: "text" | "code" | "block"; readonly text: string }
  | { readonly kind: "bold" | "italic"; readonly pieces: readonly Piece[] }
  /** `host` is to be shown beside a label, which could claim to lead elsewhere. */
  | { readonly kind: "link"; readonly href: string; readonly text: string; readonly host: string | null };

interface Rule {
  /** Sticky: tried at one position of the text. */
  readonly pattern: RegExp;
  /** The piece, and how many characters it takes; null where the text only looks like it. */
  readonly read: (match: RegExpExecArray, depth: number) => { piece: Piece; length: number } | null;
}

const DEEPEST = 6;
const WORD = "[\\p{L}\\p{N}]";

const RULES: readonly Rule[] = [
  { pattern: /```(?:[\w+#-]*\n)?([\s\S]+?)```/y, read: (match) => readCode("block", match) },
  { pattern: /`([^`\n]+)`/y, read: (match) => readCode("code", match) },
  { pattern: /\*\*(?=\S)([^\n]*?\S)\*\*(?!\*)/y, read: (match, depth) => readEmphasis("bold", match, depth) },
  {
    pattern: new RegExp(`(?<!${WORD})\\*(?=[^\\s*])((?:\\*\\*[^*\\n]+\\*\\*|[^*\\n])*?)(?<=\\S)\\*(?!\\*)`, "uy"),
    read: (match, depth) => readEmphasis("italic", match, depth),
  },
  {
    pattern: new RegExp(`(?<!${WORD}|_)_(?=[^\\s_])([^\\n]*?[^\\s_])_(?!${WORD}|_)`, "uy"),
    read: (match, depth) => readEmphasis("italic", match, depth),
  },
  { pattern: /\[([^\][\n]{1,200})\]\((https?:\/\/[^\s()⟨⟩]+)\)/iuy, read: readLabelledLink },
  { pattern: new RegExp(`(?<!${WORD})https?://[^\\s<>"\`⟨⟩]+`, "iuy"), read: readBareLink },
];
const MARKER = /[`*_[]|https?:\/\//gi;

/** Reads bold, italic, code and links out of a message; everything else, unbalanced markers too, is text. */
export function readMarkdown(text: string): readonly Piece[] {
  return readPieces(revealHidden(text), 0);
}

/** The text without its markers, on one line: for previews, notifications and screen readers. */
export function flattenMarkdown(text: string): string {
  const flatten = (pieces: readonly Piece[]): string =>
    pieces.map((piece) => ("pieces" in piece ? flatten(piece.pieces) : piece.text)).join("");
  return flatten(readMarkdown(text)).replace(/\s+/g, " ").trim();
}

function readPieces(text: string, depth: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let plainFrom = 0;
  let position = 0;
  const takePlain = (to: number) => {
    if (to > plainFrom) pieces.push({ kind: "text", text: text.slice(plainFrom, to) });
  };
  while (depth < DEEPEST) {
    MARKER.lastIndex = position;
    const marker = MARKER.exec(text);
    if (!marker) break;
    const found = readPiece(text, marker.index, depth);
    position = marker.index + (found?.length ?? 1);
    if (!found) continue;
    takePlain(marker.index);
    pieces.push(found.piece);
    plainFrom = position;
  }
  takePlain(text.length);
  return pieces;
}

function readPiece(text: string, at: number, depth: number): { piece: Piece; length: number } | null {
  for (const rule of RULES) {
    rule.pattern.lastIndex = at;
    const match = rule.pattern.exec(text);
    const found = match && rule.read(match, depth);
    if (found) return found;
  }
  return null;
}

function readCode(kind: "code" | "block", match: RegExpExecArray) {
  return { piece: { kind, text: (match[1] ?? "").replace(/\n$/, "") }, length: match[0].length } as const;
}

function readEmphasis(kind: "bold" | "italic", match: RegExpExecArray, depth: number) {
  return { piece: { kind, pieces: readPieces(match[1] ?? "", depth + 1) }, length: match[0].length } as const;
}

function readLabelledLink(match: RegExpExecArray) {
  const url = readUrl(match[2] ?? "");
  if (!url) return null;
  const piece: Piece = { kind: "link", href: url.href, text: match[1] ?? "", host: url.host };
  return { piece, length: match[0].length };
}

function readBareLink(match: RegExpExecArray) {
  const text = trimPunctuation(match[0]);
  const url = readUrl(text);
  if (!url) return null;
  // A host in letters that only look like another's is told by its form in ASCII.
  const host = text.toLowerCase().includes(url.host) ? null : url.host;
  return { piece: { kind: "link", href: url.href, text, host } as Piece, length: text.length };
}

/** A URL that is safe to offer: of the web, and without a user name that could pass for the host. */
function readUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : null;
}

/** Leaves out what belongs to the sentence: a full stop, markers, a bracket that was opened before the link. */
function trimPunctuation(link: string): string {
  const count = (character: string) => link.split(character).length;
  const unopened = new Map(
    ["()", "[]", "{}"].map(([opening = "", closing = ""]) => [closing, count(closing) - count(opening)]),
  );
  let end = link.length;
  for (; end > 0; end--) {
    const last = link.charAt(end - 1);
    const surplus = unopened.get(last) ?? 0;
    if (surplus > 0) unopened.set(last, surplus - 1);
    else if (!".,;:!?'\"*_~".includes(last)) break;
  }
  return link.slice(0, end);
}
