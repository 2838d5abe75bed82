import type { Store } from "@chat-stack/sdk";
import { useSyncExternalStore } from "preact/compat";

/** A store that the app itself writes, of the same shape as the SDK's. */
export interface WritableStore<T> extends Store<T> {
  readonly set: (value: T | ((current: T) => T)) => void;
}

export function createStore<T>(initial: T): WritableStore<T> {
  const listeners = new Set<() => void>();
  let current = initial;
  return {
    getSnapshot: () => current,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set: (value) => {
      const next = value instanceof Function ? value(current) : value;
      if (Object.is(next, current)) return;
      current = next;
      for (const listener of [...listeners]) listener();
    },
  };
}

/** Renders the component again whenever the store changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}
