import type { Timing } from "../timing.ts";

/** What a session takes from outside, so that it has neither time nor chance of its own. */
export interface Surroundings {
  /** The time in milliseconds. The caller sets it before each call; it never goes back. */
  nowMs: number;
  /** Draws a number from 0 to 1. */
  readonly random: () => number;
  /** Makes an id that this user has not used before. */
  readonly newId: () => string;
  readonly timing: Timing;
}
