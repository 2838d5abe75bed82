// @vitest-environment happy-dom
import { cleanup, fireEvent, render } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Composer } from "../../src/composer/composer.tsx";
import type { Target } from "../../src/rooms/room-context.ts";
import { InRoom, makeRoom } from "../fake-chat.tsx";
import { makeMessage } from "../fixtures.ts";

beforeEach(() => {
  sessionStorage.clear();
  // A desktop: there, Enter sends.
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open({ target = null as Target | null, setTarget = vi.fn(), fields = {} } = {}) {
  const { room, calls } = makeRoom(fields);
  const messages = [makeMessage(1), makeMessage(2, { from: "me", text: "mine" })];
  const view = render(
    <InRoom room={room} scope={{ setTarget }}>
      <Composer snapshot={room.getSnapshot()} messages={messages} target={target} onSent={() => undefined} />
    </InRoom>,
  );
  const field = () => view.getByLabelText("Message lobby") as HTMLTextAreaElement;
  const type = (text: string) => fireEvent.input(field(), { target: { value: text } });
  return { ...view, calls, field, type, setTarget };
}

test("Enter sends, and empties the field", () => {
  const { type, field, calls } = open();
  type("  hello ");
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(calls).toEqual(['send "hello",null']);
  expect(field().value).toBe("");
});

test("what was typed and not sent is there after a reload", () => {
  open().type("half a sentence");
  cleanup();
  expect(open().field().value).toBe("half a sentence");
});

test("Shift Enter and an input method's Enter send nothing", () => {
  const { type, field, calls } = open();
  type("hello");
  fireEvent.keyDown(field(), { key: "Enter", shiftKey: true });
  fireEvent.keyDown(field(), { key: "Enter", isComposing: true });
  fireEvent.keyDown(field(), { key: "Enter", keyCode: 229 });
  expect(calls).toEqual([]);
});

test("a text of white space, or too long a one, can't be sent", () => {
  const { type, getByLabelText, getByText } = open();
  const button = () => getByLabelText("Send") as HTMLButtonElement;
  type("  ");
  expect(button().disabled).toBe(true);
  type("x".repeat(8200));
  expect(button().disabled).toBe(true);
  expect(getByText("-8")).toBeTruthy();
});

test("a reply names the message it answers", () => {
  const { type, field, calls, setTarget } = open({ target: { kind: "reply", message: makeMessage(7) } });
  type("yes");
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(calls).toEqual(['send "yes",{"replyTo":7}']);
  expect(setTarget).toHaveBeenCalledWith(null);
});

test("an edit begins with the text as it was, and replaces it", () => {
  const { type, field, calls } = open({ target: { kind: "edit", message: makeMessage(2, { text: "mine" }) } });
  expect(field().value).toBe("mine");
  type("mine, better");
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(calls).toEqual(['edit 2,"mine, better"']);
});

test("the arrow up in an empty field edits this user's last message", () => {
  const { field, setTarget } = open();
  fireEvent.keyDown(field(), { key: "ArrowUp" });
  expect(setTarget).toHaveBeenCalledWith({ kind: "edit", message: expect.objectContaining({ seq: 2 }) });
});

test("a reader and a muted user are told why they can't write", () => {
  expect(open({ fields: { access: "read" } }).getByRole("status").textContent).toContain("not write");
  cleanup();
  expect(open({ fields: { mutedUntilMs: Date.now() + 60_000 } }).getByRole("status").textContent).toContain("muted");
});
