import { expect, test } from "vitest";
import { nameTyping } from "../../src/messages/typing.ts";

const people = ["Ada", "Grace", "Joan", "Mary"].map((name) => ({ user: name.toLowerCase(), name }));

test.each([
  [1, "Ada is typing…"],
  [2, "Ada and Grace are typing…"],
  [3, "Ada, Grace and Joan are typing…"],
  [4, "Several people are typing…"],
])("%s at a time: %s", (count, text) => expect(nameTyping(people.slice(0, count))).toBe(text));
