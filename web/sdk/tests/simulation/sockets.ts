import type { Environment, Socket } from "../../src/index.ts";

/** Sockets whose other ends are the simulator's; they are numbered in the order in which they were made. */
export class BridgedSockets {
  readonly WebSocket: Environment["WebSocket"];
  readonly #sockets: BridgedSocket[] = [];

  constructor(say: (what: "socket" | "send" | "close", socket: number, text: string) => void) {
    const sockets = this.#sockets;
    this.WebSocket = class extends BridgedSocket {
      constructor(url: string) {
        const number = sockets.length;
        super((what, text) => say(what, number, text));
        sockets.push(this);
        say("socket", number, url);
      }
    };
  }

  open(number: number): void {
    this.#sockets[number]?.onopen?.({} as never);
  }

  receive(number: number, text: string): void {
    this.#sockets[number]?.onmessage?.({ data: text } as never);
  }

  /** The server, or the network, ends it. */
  cut(number: number, reason: string): void {
    this.#sockets[number]?.onerror?.({} as never);
    this.#sockets[number]?.onclose?.({ code: 1006, reason } as never);
  }
}

class BridgedSocket implements Socket {
  onopen: ((event: never) => unknown) | null = null;
  onmessage: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  readonly #say: (what: "send" | "close", text: string) => void;

  constructor(say: (what: "send" | "close", text: string) => void) {
    this.#say = say;
  }

  send(text: string): void {
    this.#say("send", text);
  }

  close(): void {
    this.#say("close", "");
  }
}
