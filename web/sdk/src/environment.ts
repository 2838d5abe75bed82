/** What a client needs of a WebSocket: that of browsers, of React Native, of Node 22, and of the package `ws`. */
export interface Socket {
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(text: string): void;
  close(): void;
}

/** What a client takes from where it runs. */
export interface Environment {
  /** Needs to be given where there is none: in Node 20, `import { WebSocket } from "ws"`. */
  readonly WebSocket: new (
    url: string,
  ) => Socket;
  /** The time in milliseconds; it may jump. */
  readonly now: () => number;
  /** A number from 0 to 1. */
  readonly random: () => number;
  readonly setTimeout: (work: () => void, waitMs: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
  /** Calls back when the device comes back from sleep or into a network; returns what ends it. */
  readonly watch: (wake: () => void) => () => void;
}

/** Takes what is not given from the globals of browsers, Node and React Native. */
export function completeEnvironment(given?: Partial<Environment>): Environment {
  return {
    WebSocket: globalThis.WebSocket,
    now: Date.now,
    random: Math.random,
    setTimeout: (work, waitMs) => setTimeout(work, waitMs),
    clearTimeout: (timer) => clearTimeout(timer),
    watch: watchPage,
    ...given,
  };
}

/** In a page: when it is shown again, or has its network back. Elsewhere never. */
function watchPage(wake: () => void): () => void {
  if (typeof document === "undefined") return () => {};
  const watching = new AbortController();
  const { signal } = watching;
  addEventListener("online", wake, { signal });
  document.addEventListener("visibilitychange", () => document.hidden || wake(), { signal });
  return () => watching.abort();
}
