/** What the browser keeps for this page, where it keeps anything: it may forbid that, or be full. */
class KeptTexts {
  /** @param open gets the storage; throws where it is forbidden. */
  constructor(private readonly open: () => Storage) {}

  read(key: string): string | null {
    return this.attempt((storage) => storage.getItem(key));
  }

  write(key: string, text: string): void {
    this.attempt((storage) => storage.setItem(key, text));
  }

  remove(key: string): void {
    this.attempt((storage) => storage.removeItem(key));
  }

  private attempt<T>(use: (storage: Storage) => T): T | null {
    try {
      return use(this.open());
    } catch {
      return null;
    }
  }
}

/** On this device, until it is removed. */
export const onDevice = new KeptTexts(() => localStorage);
/** In this tab, over reloads. */
export const inTab = new KeptTexts(() => sessionStorage);
