/** A request was refused, by the server or before it was sent. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  /**
   * @param code stable dotted word of docs/protocol.md, or `client.closed`, `client.refused`, `client.left`,
   *   `client.removed`.
   * @param message for people; may change.
   * @param retryable whether the same request may succeed when it is made again.
   * @param retryAfterMs how long to wait before that, where it is known.
   */
  constructor(
    readonly code: string,
    message: string,
    readonly retryable = false,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** This user is not let in; another attempt changes nothing. */
export class SignInRefusedError extends Error {
  override readonly name = "SignInRefusedError";
}

/** The answers that say of a room that this user may not be in it. */
const SHUT_OUT = ["room.banned", "room.private", "room.not_allowed", "user.banned"];

export function isShutOut(code: string): boolean {
  return SHUT_OUT.includes(code);
}

/** Whether a write that failed so may succeed as it is, once something else has changed. */
export function canRetryAfter(code: string): boolean {
  return !/^(frame|field|action|entry|message)\.|^room\.bad_name$/.test(code);
}
