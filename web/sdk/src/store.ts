/** A value that changes, for UIs; both functions are bound, as React's `useSyncExternalStore` needs them. */
export interface Store<T> {
  /** The same object until something has changed. */
  readonly getSnapshot: () => T;
  /** Has a listener called after each change; returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A store whose snapshot is made when somebody looks. */
export class View<T> implements Store<T> {
  readonly #show: () => T;
  readonly #listeners = new Set<() => void>();
  #snapshot: T | undefined;

  constructor(show: () => T) {
    this.#show = show;
  }

  readonly getSnapshot = (): T => (this.#snapshot ??= this.#show());

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Notes that the snapshot is out of date. */
  expire(): void {
    this.#snapshot = undefined;
  }

  notify(): void {
    for (const listener of this.#listeners) shield(listener);
  }
}

/** Calls a listener; what it throws is reported, and keeps nobody else from being called. */
export function shield(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
