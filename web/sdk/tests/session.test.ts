import { expect, it } from "vitest";
import { Session } from "../src/core/session.ts";
import { DEFAULT_TIMING } from "../src/timing.ts";

const ADA = { user: "ada", name: "Ada" };

function makeSession() {
  let count = 0;
  const surroundings = { nowMs: 0, random: () => 0.5, newId: () => `r${++count}`, timing: DEFAULT_TIMING };
  return { session: new Session(surroundings), surroundings };
}

it("a session says what to do, and does nothing by itself", () => {
  const { session, surroundings } = makeSession();
  session.start();
  session.tick();
  expect(session.takeEffects()).toContainEqual({ type: "open", socket: 1 });
  expect(session.deadline()).toBe(DEFAULT_TIMING.openMs);
  session.join("lobby");
  session.open(1, ADA);
  session.tick();
  const text = '{"action":"join","id":"r1","room":"lobby"}';
  expect(session.takeEffects()).toContainEqual({ type: "transmit", socket: 1, text });
  surroundings.nowMs = session.deadline();
  expect(surroundings.nowMs).toBe(DEFAULT_TIMING.replyMs);
  session.tick();
  expect(session.takeEffects().filter(({ type }) => type === "transmit")).toEqual([
    { type: "transmit", socket: 1, text: '{"action":"ping"}' },
    { type: "transmit", socket: 1, text },
  ]);
});

it("a session takes no notice of a socket that it has given up", () => {
  const { session, surroundings } = makeSession();
  session.start();
  session.tick();
  surroundings.nowMs = DEFAULT_TIMING.openMs;
  session.tick();
  expect(session.takeEffects()).toContainEqual({ type: "close", socket: 1 });
  session.open(1, ADA);
  session.receiver.receive(1, '{"type":"pong"}');
  expect(session.connection.state).toBe("offline");
});
