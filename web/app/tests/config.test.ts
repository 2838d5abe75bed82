// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { loadConfig } from "../src/config.ts";

const GOOD = { ticketUrl: "/ticket", auth: "guest" };
const answer =
  (body: unknown, status = 200) =>
  async () =>
    new Response(JSON.stringify(body), { status });

beforeEach(() => localStorage.clear());

test("reads what the page's origin says", async () => expect(await loadConfig(answer(GOOD))).toEqual(GOOD));

test("without a network it is what was said last", async () => {
  await loadConfig(answer(GOOD));
  expect(await loadConfig(() => Promise.reject(new TypeError()))).toEqual(GOOD);
});

test.each([{}, { ticketUrl: "/ticket", auth: "magic" }, { ticketUrl: "/ticket", auth: "cognito" }, null])(
  "%j is refused",
  async (body) => {
    await expect(loadConfig(answer(body))).rejects.toThrow("config.json");
  },
);

test("a network that answers with a page of its own is none", async () => {
  await loadConfig(answer(GOOD));
  expect(await loadConfig(async () => new Response("<html>Sign in to the Wi-Fi"))).toEqual(GOOD);
});

test("a network that does not answer is none, where something is remembered", async () => {
  const signals: unknown[] = [];
  const fetchFrom: typeof fetch = async (_, init) => {
    signals.push(init?.signal);
    return answer(GOOD)();
  };
  await loadConfig(fetchFrom);
  await loadConfig(fetchFrom);
  expect(signals).toEqual([null, expect.any(AbortSignal)]);
});

test("a page that was never online says what is missing", async () => {
  await expect(loadConfig(answer({}, 503))).rejects.toThrow("503");
});
