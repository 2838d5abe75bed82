import { inTab } from "../storage.ts";

/** Texts that were typed and not sent, by room; a reload of the page keeps them. */
export class Drafts {
  private readonly key: string;
  private readonly texts: Map<string, string>;

  /** @param storageName names what is kept on this device for this user. */
  constructor(storageName: string) {
    this.key = `chat.drafts ${storageName}`;
    this.texts = new Map(JSON.parse(inTab.read(this.key) ?? "[]") as [string, string][]);
  }

  read(room: string): string {
    return this.texts.get(room) ?? "";
  }

  write(room: string, text: string): void {
    if (text) this.texts.set(room, text);
    else this.texts.delete(room);
    inTab.write(this.key, JSON.stringify([...this.texts]));
  }

  clear(): void {
    this.texts.clear();
    inTab.remove(this.key);
  }
}
