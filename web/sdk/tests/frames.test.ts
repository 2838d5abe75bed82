import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

it("src/frames.ts says what docs/asyncapi.yaml says", () => {
  const script = new URL("../scripts/frames.mjs", import.meta.url).pathname;
  expect(() => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" })).not.toThrow();
});
