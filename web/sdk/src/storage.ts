import type { OutboxRecord } from "./core/request.ts";

/** Where the outbox is kept. One storage is for one user. */
export interface OutboxStorage {
  /** Reads all records, in any order. */
  load(): Promise<readonly OutboxRecord[]>;
  /** Keeps a record in the place of one with the same id; it is safe once the promise is fulfilled. */
  put(record: OutboxRecord): Promise<void>;
  delete(id: string): Promise<void>;
}

/** Keeps nothing: the client has its outbox in memory, as long as it lives. */
export const NO_STORAGE: OutboxStorage = { load: async () => [], put: async () => {}, delete: async () => {} };

const STORE = "outbox";

/**
 * Keeps the outbox in IndexedDB, over reloads.
 *
 * @param name of the database; another one for each user who may sign in here.
 */
export function indexedDbStorage(name: string): OutboxStorage {
  // Opened each time: a browser may take an open database away from a page in the background.
  async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await openDatabase(name);
    try {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      return await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  return {
    load: () => run<OutboxRecord[]>("readonly", (store) => store.getAll()),
    put: async (record) => void (await run("readwrite", (store) => store.put(record))),
    delete: (id) => run("readwrite", (store) => store.delete(id)),
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
