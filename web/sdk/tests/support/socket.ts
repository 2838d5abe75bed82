import type { Socket } from "../../src/index.ts";
import type { Said } from "./server.ts";

/** One end of a connection, in memory. */
export class FakeSocket implements Socket {
  onopen: ((event: never) => unknown) | null = null;
  onmessage: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  state: "opening" | "open" | "closed" = "opening";
  readonly url: string;
  readonly said: Said[] = [];
  /** Those that the server sees this connection in. */
  readonly rooms = new Set<string>();
  readonly #onSaid: (text: string, socket: FakeSocket) => void;

  constructor(url: string, onSaid: (text: string, socket: FakeSocket) => void) {
    this.url = url;
    this.#onSaid = onSaid;
  }

  open(): void {
    if (this.state !== "opening") return;
    this.state = "open";
    this.onopen?.({} as never);
  }

  /** The server, or the network, ends it. */
  cut(code = 1006): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.rooms.clear();
    this.onerror?.({} as never);
    this.onclose?.({ code, reason: "" } as never);
  }

  receive(text: string): void {
    if (this.state === "open") this.onmessage?.({ data: text } as never);
  }

  send(text: string): void {
    if (this.state === "opening") throw new Error("the socket is not open yet");
    if (this.state === "closed") return;
    this.said.push(JSON.parse(text) as Said);
    this.#onSaid(text, this);
  }

  close(): void {
    this.state = "closed";
    this.rooms.clear();
  }
}
