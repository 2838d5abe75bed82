import { expect, test } from "vitest";
import { formatDuration, nameDay } from "../../src/messages/dates.ts";

const NOW = new Date(2026, 4, 20, 0, 30).getTime();

test.each([
  [new Date(2026, 4, 20, 0, 1), "Today"],
  [new Date(2026, 4, 19, 23, 59), "Yesterday"],
  [new Date(2026, 4, 16, 12), "Saturday"],
])("%s is %s", (date, name) => expect(nameDay(date.getTime(), NOW)).toBe(name));

test("a day of another year is told with its year", () => {
  expect(nameDay(new Date(2025, 4, 20).getTime(), NOW)).toContain("2025");
  expect(nameDay(new Date(2026, 1, 20).getTime(), NOW)).not.toContain("2026");
});

test.each([
  [1, "1 second"],
  [59_001, "60 seconds"],
  [60_000, "1 minute"],
  [7_200_000, "2 hours"],
  [90_000_000, "2 days"],
])("%s ms are %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
