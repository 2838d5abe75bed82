import { describe, expect, test } from "vitest";
import { flattenMarkdown, type Piece, readMarkdown } from "../../src/messages/markdown.ts";

/** Pieces as a line: `b(...)`, `i(...)`, `c(...)`, `block(...)`, `a(href|text|host)`; text as it is. */
function show(text: string): string {
  const line = (pieces: readonly Piece[]): string => pieces.map(one).join("");
  const one = (piece: Piece): string => {
    if (piece.kind === "text") return piece.text;
    if (piece.kind === "link") return `a(${piece.href}|${piece.text}|${piece.host ?? ""})`;
    if ("pieces" in piece) return `${piece.kind[0]}(${line(piece.pieces)})`;
    return `${piece.kind === "block" ? "block" : "c"}(${piece.text})`;
  };
  return line(readMarkdown(text));
}

describe("emphasis and code", () => {
  test.each([
    ["**bold** and *italic* and _italic_", "b(bold) and i(italic) and i(italic)"],
    ["**bold *nested* bold**", "b(bold i(nested) bold)"],
    ["*italic **nested** italic*", "i(italic b(nested) italic)"],
    ["***both***", "b(i(both))"],
    ["`**not bold**`", "c(**not bold**)"],
    ["```ts\nconst a = 1;\n```", "block(const a = 1;)"],
    ["```one line```", "block(one line)"],
    ["snake_case_name", "snake_case_name"],
    ["2 * 3 * 4", "2 * 3 * 4"],
    ["a*b*c", "a*b*c"],
  ])("%s", (text, shown) => expect(show(text)).toBe(shown));
});

describe("unbalanced markers are text", () => {
  test.each(["**", "**open", "*open", "`open", "```", "_ _", "[label](", "** a **", "*a\nb*"])("%s", (text) =>
    expect(show(text)).toBe(text),
  );
});

describe("links", () => {
  test.each([
    ["https://a.example/x_y_z", "a(https://a.example/x_y_z|https://a.example/x_y_z|)"],
    ["see https://a.example.", "see a(https://a.example/|https://a.example|)."],
    ["(https://a.example/x)", "(a(https://a.example/x|https://a.example/x|))"],
    ["https://a.example/x_(y)", "a(https://a.example/x_(y)|https://a.example/x_(y)|)"],
    ["**https://a.example**", "b(a(https://a.example/|https://a.example|))"],
    ["[my bank](https://evil.example)", "a(https://evil.example/|my bank|evil.example)"],
  ])("%s", (text, shown) => expect(show(text)).toBe(shown));

  test.each([
    "javascript:alert(1)",
    "[click](javascript:alert(1))",
    "[click](data:text/html,x)",
    "https://",
    "xhttps://a.example",
  ])("%s is text", (text) => expect(show(text)).toBe(text));

  test("a user name that looks like a host makes no link", () => {
    expect(show("https://bank.example@evil.example")).toBe("https://bank.example@evil.example");
  });

  test("a host in look-alike letters is told by its form in ASCII", () => {
    expect(show("https://аpple.com")).toBe("a(https://xn--pple-43d.com/|https://аpple.com|xn--pple-43d.com)");
  });
});

describe("text that is not what it seems", () => {
  test("markup is text", () => {
    expect(readMarkdown("<script>alert(1)</script>")).toEqual([{ kind: "text", text: "<script>alert(1)</script>" }]);
  });

  test("overrides of the direction and hidden characters are shown by their code points", () => {
    expect(show("a\u202eb\u200bc")).toBe("a⟨U+202E⟩b⟨U+200B⟩c");
  });

  test("a link ends where a hidden character begins", () => {
    expect(show("https://a.example/\u202etxt")).toBe("a(https://a.example/|https://a.example/|)⟨U+202E⟩txt");
  });

  test("joiners of emoji and scripts stay", () => {
    expect(show("👩‍💻 نمی‌دانم")).toBe("👩‍💻 نمی‌دانم");
  });

  test("thousands of markers are read in good time", () => {
    const startMs = performance.now();
    for (const hostile of ["*_", "**a ", "`*", "_a*", "[a](", "***"])
      readMarkdown(hostile.repeat(8192 / hostile.length));
    expect(performance.now() - startMs).toBeLessThan(2000);
  });
});

test("flattening leaves the words", () => {
  expect(flattenMarkdown("**Hi** `you`\n\nsee https://a.example")).toBe("Hi you see https://a.example");
});

test.each([")", "]", "},", ".!"])(
  "a link that is followed by %s until the message ends is read in a moment",
  (tail) => {
    const text = `https://a.example/${tail.repeat(8192 / tail.length)}`;
    const [link, rest] = readMarkdown(text);
    expect(link).toMatchObject({ kind: "link", text: "https://a.example/" });
    expect(rest).toMatchObject({ kind: "text", text: text.slice("https://a.example/".length) });
  },
);
