import type { EntryPush } from "../events.ts";
import type { Entry } from "../frames.ts";
import type { ChatMessage } from "../snapshots.ts";
import type { Shown } from "./log.ts";
import { lookUp } from "./records.ts";

/** A room that is watched for days does not grow without end: older messages can be loaded again. */
const KEPT_MOST = 1000;

/** What a message says that says nothing. */
const BLANK = { text: null, meta: null, edited: false, deleted: false, reactions: {} };

/** The messages of a room that are shown, with the entries about them applied. */
export class Timeline {
  /** A new array after each change. */
  messages: readonly ChatMessage[] = [];
  hasOlder = false;
  /** The lowest seq that was read; what is older comes before it. */
  first = 1;
  #most = KEPT_MOST;

  /** Begins, or begins again, without any message. */
  begin(first: number, hasOlder: boolean): void {
    this.messages = [];
    this.first = first;
    this.hasOlder = hasOlder;
  }

  /** Adds what the log shows. */
  append(shown: Shown): void {
    const messages = [...this.messages];
    const begin = shown.page[0]?.seq ?? Infinity;
    for (const entry of shown.page) {
      // The page shows its messages as they stand now: what it says about them is done to them already.
      if (!("target" in entry) || entry.target < begin) apply(entry, messages);
    }
    for (const entry of shown.pushed) apply(entry, messages);
    const tooMany = messages.splice(0, messages.length - this.#most);
    if (tooMany.length) {
      this.first = messages[0]?.seq ?? this.first;
      this.hasOlder = true;
    }
    this.messages = messages;
  }

  /** Puts a page in front that ends before `first`; it shows its messages as they stand now. */
  prepend(entries: readonly Entry[], more: boolean): void {
    const older: ChatMessage[] = [];
    for (const entry of entries) if (entry.type === "message") older.push(makeMessage(entry));
    this.messages = [...older, ...this.messages];
    this.#most += older.length;
    this.first = entries[0]?.seq ?? this.first;
    this.hasOlder = more;
  }
}

/** Adds a message, or changes the one that the entry is about; entries of types to come change nothing. */
function apply(entry: EntryPush, messages: ChatMessage[]): void {
  if (entry.type === "message") messages.push(makeMessage(entry));
  else {
    const index = messages.findIndex(({ seq }) => seq === entry.target);
    const message = messages[index];
    if (message && !message.deleted) messages[index] = change(message, entry);
  }
}

function change(message: ChatMessage, entry: Exclude<EntryPush, { type: "message" }>): ChatMessage {
  switch (entry.type) {
    case "edited":
      return { ...message, edited: true, text: entry.text ?? message.text };
    case "deleted":
      return { ...message, ...BLANK, deleted: true };
    case "reacted": {
      const { [entry.emoji]: _, ...reactions } = message.reactions;
      const users = (lookUp(message.reactions, entry.emoji) ?? []).filter((user) => user !== entry.from);
      if (!entry.remove) users.push(entry.from);
      return { ...message, reactions: users.length ? { ...reactions, [entry.emoji]: users } : reactions };
    }
    default:
      return message;
  }
}

function makeMessage({ type: _, room, epoch, ...message }: Extract<Entry, { type: "message" }>): ChatMessage {
  return { ...BLANK, ...message };
}
