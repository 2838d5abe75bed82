// @vitest-environment happy-dom
import { cleanup, render } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { MarkdownView } from "../../src/messages/markdown-view.tsx";

afterEach(cleanup);

test("a script in a message is text", () => {
  const { container } = render(<MarkdownView text={'<script>alert(1)</script><img src=x onerror="alert(1)">'} />);
  expect(container.querySelector("script, img")).toBeNull();
  expect(container.textContent).toContain("<script>alert(1)</script>");
});

test("a link opens elsewhere, and tells nobody where it was followed from", () => {
  const { getByRole } = render(<MarkdownView text="https://a.example" />);
  const link = getByRole("link") as HTMLAnchorElement;
  expect(link.target).toBe("_blank");
  expect(link.rel.split(" ")).toEqual(expect.arrayContaining(["noopener", "noreferrer", "nofollow"]));
});

test("a label stands beside the host it leads to", () => {
  const { getByRole } = render(<MarkdownView text="[my bank](https://evil.example/login)" />);
  expect(getByRole("link").textContent).toBe("my bank (evil.example)");
});

test.each([
  ["🎉", true],
  ["👩‍💻👍", true],
  ["🎉 party", false],
  ["12", false],
])("%s is shown large: %s", (text, isLarge) => {
  const { container } = render(<MarkdownView text={text} />);
  expect(container.querySelector(".markdown-large") !== null).toBe(isLarge);
});
