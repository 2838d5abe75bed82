const DAY_MS = 86_400_000;

/** Midnight before a time, where the user is. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** "Today", "Yesterday", a weekday of this week, else the date. */
export function nameDay(at: number, now = Date.now()): string {
  // Rounded, for a day of 23 or 25 hours lies between where clocks change.
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const date = new Date(at);
  if (days > 1 && days < 7) return date.toLocaleDateString(undefined, { weekday: "long" });
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString(undefined, {
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
}

export function formatTime(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

export function formatDateTime(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" });
}

/** "30 seconds", "5 minutes", "2 hours", "3 days", rounded up. */
export function formatDuration(milliseconds: number): string {
  const units = [
    ["day", DAY_MS],
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1000],
  ] as const;
  const [unit, length] = units.find(([, unitMs]) => milliseconds >= unitMs) ?? ["second", 1000];
  const count = Math.max(1, Math.ceil(milliseconds / length));
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
