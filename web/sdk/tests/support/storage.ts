import type { OutboxRecord, OutboxStorage } from "../../src/index.ts";

/** A storage that outlives its client, as over a reload. */
export function memoryStorage(): OutboxStorage {
  const records = new Map<string, OutboxRecord>();
  return {
    load: async () => [...records.values()],
    put: async (record) => void records.set(record.id, structuredClone(record)),
    delete: async (id) => void records.delete(id),
  };
}
