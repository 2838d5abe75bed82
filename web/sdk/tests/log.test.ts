import { describe, expect, it } from "vitest";
import { Log, type LogPage } from "../src/core/log.ts";
import type { EntryPush } from "../src/index.ts";
import { DEFAULT_TIMING } from "../src/timing.ts";

const surroundings = { nowMs: 0, random: () => 0.5, newId: () => "id", timing: DEFAULT_TIMING };

function makeEntry(seq: number, epoch = "e1"): EntryPush {
  return {
    type: "message",
    seq,
    id: `b${seq}`,
    from: "bob",
    name: "Bob",
    at: seq,
    text: `${seq}`,
    room: "lobby",
    epoch,
  };
}

function makePage(seqs: number[], fields: Partial<LogPage> = {}): LogPage {
  return {
    epoch: "e1",
    entries: seqs.map((seq) => makeEntry(seq)),
    more: false,
    reset: false,
    truncated: false,
    ...fields,
  };
}

function makeLog(seqs: number[]): Log {
  const log = new Log("lobby", surroundings);
  log.takePage(makePage(seqs), {});
  return log;
}

const seqsOf = (entries: readonly EntryPush[]) => entries.map(({ seq }) => seq);

describe("a log", () => {
  it("has no position before its first page, and shows then what came before that", () => {
    const log = new Log("lobby", surroundings);
    expect(log.position).toBeUndefined();
    expect(log.takeEntry(makeEntry(4)).pushed).toEqual([]);
    const shown = log.takePage(makePage([2, 3]), {});
    expect([seqsOf(shown.page), seqsOf(shown.pushed)]).toEqual([[2, 3], [4]]);
    expect(log.position).toEqual({ after: 4, epoch: "e1" });
  });

  it("takes its epoch from its first entry where the room was empty", () => {
    const log = new Log("lobby", surroundings);
    log.takePage(makePage([], { epoch: null }), {});
    expect(log.position).toEqual({ after: 0, epoch: null });
    expect(seqsOf(log.takeEntry(makeEntry(1)).pushed)).toEqual([1]);
    expect(log.position).toEqual({ after: 1, epoch: "e1" });
  });

  it("asks for nothing because of what it has shown", () => {
    const log = makeLog([1, 2]);
    expect(log.takeEntry(makeEntry(1)).pushed).toEqual([]);
    expect(log.gapDueMs).toBe(Infinity);
  });

  it("waits for a gap anew as soon as some of it is filled", () => {
    const log = makeLog([1]);
    log.takeEntry(makeEntry(5));
    surroundings.nowMs += 400;
    log.takeEntry(makeEntry(3));
    expect(log.gapDueMs).toBe(surroundings.nowMs + 100);
    expect(seqsOf(log.takeEntry(makeEntry(2)).pushed)).toEqual([2, 3]);
    expect(log.gapDueMs).toBe(surroundings.nowMs + 500);
  });

  it("ignores an answer to a position in the log before this one", () => {
    const log = makeLog([7, 8]);
    const asked = log.position ?? {};
    const answer = { ...makePage([], { reset: true, epoch: "e2" }), entries: [makeEntry(1, "e2")] };
    expect(log.takePage(answer, asked)).toMatchObject({ isReset: true });
    expect(seqsOf(log.takeEntry(makeEntry(2, "e2")).pushed)).toEqual([2]);
    expect(log.takePage(answer, asked)).toMatchObject({ isReset: false, page: [] });
    expect(log.position).toEqual({ after: 2, epoch: "e2" });
  });

  it("does not skip what is missing below a page that does not begin at its position", () => {
    const log = makeLog([1]);
    const shown = log.takePage(makePage([5, 6]), {});
    expect(shown).toMatchObject({ page: [], pushed: [] });
    expect(log.position?.after).toBe(1);
    expect(log.gapDueMs).toBe(surroundings.nowMs + 500);
  });
});
