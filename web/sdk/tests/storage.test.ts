import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import { indexedDbStorage, type OutboxRecord } from "../src/index.ts";

function makeRecord(id: string, order: number): OutboxRecord {
  return { id, order, action: "send", fields: { room: "lobby", text: `text ${order}` }, error: null };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe("indexedDbStorage", () => {
  it("keeps, replaces and forgets", async () => {
    const storage = indexedDbStorage("outbox of ada");
    expect(await storage.load()).toEqual([]);
    await storage.put(makeRecord("a", 1));
    await storage.put(makeRecord("b", 2));
    await storage.put(makeRecord("a", 3));
    expect(await storage.load()).toEqual([makeRecord("a", 3), makeRecord("b", 2)]);
    await storage.delete("a");
    await storage.delete("a");
    expect(await storage.load()).toEqual([makeRecord("b", 2)]);
  });

  it("keeps over reloads, for each name apart", async () => {
    await indexedDbStorage("outbox of ada").put(makeRecord("a", 1));
    expect(await indexedDbStorage("outbox of ada").load()).toHaveLength(1);
    expect(await indexedDbStorage("outbox of bob").load()).toEqual([]);
  });

  it("says what it can't keep", async () => {
    const storage = indexedDbStorage("outbox of ada");
    const record = { ...makeRecord("a", 1), fields: { text: () => {} } };
    await expect(storage.put(record)).rejects.toThrow();
  });

  it("tries again to open what could not be opened", async () => {
    const factory = globalThis.indexedDB;
    const storage = indexedDbStorage("outbox of ada");
    globalThis.indexedDB = {
      open: () => {
        throw new Error("SecurityError");
      },
    } as unknown as IDBFactory;
    await expect(storage.load()).rejects.toThrow("SecurityError");
    globalThis.indexedDB = factory;
    expect(await storage.load()).toEqual([]);
  });
});
