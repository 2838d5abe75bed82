import { memo } from "preact/compat";
import { type Piece, readMarkdown } from "./markdown.ts";
import "./markdown.css";

const EMOJI_ONLY =
  /^(?:\p{RI}\p{RI}|\p{Emoji_Presentation}[\u200d\ufe0f\p{Emoji_Modifier}\p{Emoji_Presentation}]*|\p{Extended_Pictographic}\ufe0f?){1,3}$/u;

/** A message's text, as elements. */
export const MarkdownView = memo(function MarkdownView({ text }: { text: string }) {
  const isLarge = EMOJI_ONLY.test(text.trim());
  return (
    <div class={`markdown ${isLarge ? "markdown-large" : ""}`} dir="auto">
      {readMarkdown(text).map(renderPiece)}
    </div>
  );
});

function renderPiece(piece: Piece, index: number) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "code":
      return <code key={index}>{piece.text}</code>;
    case "block":
      return (
        <pre key={index} dir="ltr">
          <code>{piece.text}</code>
        </pre>
      );
    case "bold":
      return <strong key={index}>{piece.pieces.map(renderPiece)}</strong>;
    case "italic":
      return <em key={index}>{piece.pieces.map(renderPiece)}</em>;
    case "link":
      return (
        <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc" title={piece.href}>
          {piece.text}
          {piece.host && <span class="markdown-host"> ({piece.host})</span>}
        </a>
      );
  }
}
