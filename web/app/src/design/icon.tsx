/** Outlines on a grid of 24, drawn with a line of 1.75. */
const PATHS = {
  alert: "M12 8v5m0 3.2v.1M10.3 4.2 2.8 17.4A2 2 0 0 0 4.5 20.4h15a2 2 0 0 0 1.7-3L13.7 4.2a2 2 0 0 0-3.4 0Z",
  ban: "M5.6 5.6l12.8 12.8M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  bell: "M10 20.5a2.2 2.2 0 0 0 4 0M6 10a6 6 0 1 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10Z",
  check: "M5 12.5 10 17.5 19.5 7",
  chevronDown: "M6 9.5l6 6 6-6",
  chevronLeft: "M14.5 5.5 8 12l6.5 6.5",
  clock: "M12 7v5l3.2 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h10.5v11.5H9zM5 15H3.5V3.5H15V5",
  door: "M14 4.5V3.8a1.3 1.3 0 0 0-1.3-1.3H5.8a1.3 1.3 0 0 0-1.3 1.3v16.4a1.3 1.3 0 0 0 1.3 1.3h6.9a1.3 1.3 0 0 0 1.3-1.3v-.7M10 12h10.5m0 0-3.5-3.5m3.5 3.5L17 15.5",
  hash: "M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16",
  keyboard: "M3 6.5h18v11H3zM7 10.2h.1m3.2 0h.1m3.2 0h.1m3.2 0h.1M8 14h8",
  lock: "M8 11V8a4 4 0 1 1 8 0v3M6 11h12v9.5H6z",
  message: "M20.5 11.5a8 8 0 0 1-11.6 7.1L4 20l1.4-4.6A8 8 0 1 1 20.5 11.5Z",
  monitor: "M3.5 5h17v11h-17zM9 20h6m-3-4v4",
  moon: "M20.5 14.2A8.7 8.7 0 0 1 9.8 3.5a8.7 8.7 0 1 0 10.7 10.7Z",
  more: "M5.5 12h.1m6.4 0h.1m6.3 0h.1",
  mute: "M11 5 6.5 9H3.5v6h3L11 19V5Zm5 4.5 5 5m0-5-5 5",
  pencil: "M4 20l1-4.5L16.2 4.3a1.8 1.8 0 0 1 2.5 0l1 1a1.8 1.8 0 0 1 0 2.5L8.5 19 4 20Z",
  people:
    "M15.5 20v-1.5a4 4 0 0 0-4-4h-5a4 4 0 0 0-4 4V20M9 11a3.7 3.7 0 1 0 0-7.4A3.7 3.7 0 0 0 9 11Zm7-7.1a3.7 3.7 0 0 1 0 7M21.5 20v-1.5a4 4 0 0 0-3-3.8",
  plus: "M12 5v14M5 12h14",
  reply: "M9 6 3.5 11.5 9 17m-5.2-5.5H14a6.5 6.5 0 0 1 6.5 6.5v1",
  retry: "M20 5v5h-5M19.6 10A8 8 0 1 0 20 13.5",
  search: "M20.5 20.5 16 16m2.5-5a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0Z",
  send: "M12 19.5v-15m0 0L5.5 11M12 4.5l6.5 6.5",
  smile: "M8.5 14.5s1.2 2 3.5 2 3.5-2 3.5-2M9 9.5v.1m6-.1v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  sun: "M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1m10.6 10.6 1.1 1.1m0-12.8-1.1 1.1M6.7 17.3l-1.1 1.1M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z",
  trash:
    "M4.5 6.5h15m-4.5 0V4.3c0-.4-.4-.8-.8-.8H9.8c-.4 0-.8.4-.8.8v2.2m9 0-.8 13c0 .6-.5 1-1 1H7.8c-.6 0-1-.4-1-1l-.8-13m4 4v6m4-6v6",
  userMinus: "M15.5 20v-1.5a4 4 0 0 0-4-4h-5a4 4 0 0 0-4 4V20M9 11a3.7 3.7 0 1 0 0-7.4A3.7 3.7 0 0 0 9 11Zm7.5 0h6",
  userPlus:
    "M15.5 20v-1.5a4 4 0 0 0-4-4h-5a4 4 0 0 0-4 4V20M9 11a3.7 3.7 0 1 0 0-7.4A3.7 3.7 0 0 0 9 11Zm10.5-3v6m3-3h-6",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: what it stands for is named by the text beside it, or by its button. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={name === "more" ? 3 : 1.75}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
