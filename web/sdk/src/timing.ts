/** How long a client waits for what, in milliseconds. */
export interface Timing {
  /** How long a number may be missing before `history` is asked for it. */
  readonly gapMs: number;
  /** How long a reply may take before its request is sent again; longer with each attempt. */
  readonly replyMs: number;
  /** From a join to the `sync` after it: this long to twice this long. */
  readonly syncFirstMs: number;
  /** Between one `sync` and the next, at random. */
  readonly syncLeastMs: number;
  readonly syncMostMs: number;
  /** How long the positions that were read in a room are gathered, before the last of them is told. */
  readonly readMs: number;
  /** Between one `typing` in a room and the next. */
  readonly typingMs: number;
  /** How long somebody counts as typing. */
  readonly typingShownMs: number;
  /** How long nothing is sent before a `ping` is; API Gateway closes what was idle for ten minutes. */
  readonly pingMs: number;
  /** How long signing in and opening a socket may take together. */
  readonly openMs: number;
  /** The upper bound of the first random wait before trying again, and of the longest. */
  readonly backoffMs: number;
  readonly backoffMostMs: number;
  /** How old a connection gets before another takes its place, at random; API Gateway cuts it after two hours. */
  readonly changeLeastMs: number;
  readonly changeMostMs: number;
  /** How long the connection before it may stay open beside it. */
  readonly overlapMs: number;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

export const DEFAULT_TIMING: Timing = {
  gapMs: SECOND_MS / 2,
  replyMs: 10 * SECOND_MS,
  syncFirstMs: 4 * SECOND_MS,
  syncLeastMs: 15 * MINUTE_MS,
  syncMostMs: 30 * MINUTE_MS,
  readMs: 2 * SECOND_MS,
  typingMs: 3 * SECOND_MS,
  typingShownMs: 5 * SECOND_MS,
  pingMs: 4 * MINUTE_MS,
  openMs: 30 * SECOND_MS,
  backoffMs: SECOND_MS,
  backoffMostMs: 30 * SECOND_MS,
  changeLeastMs: 75 * MINUTE_MS,
  changeMostMs: 110 * MINUTE_MS,
  overlapMs: 15 * SECOND_MS,
};
