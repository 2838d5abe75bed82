import { guestSignIn } from "@chat-stack/sdk";
import type { AppConfig } from "../config.ts";
import { cleanName } from "../messages/hidden-text.ts";
import { onDevice } from "../storage.ts";
import type { Session } from "./session.ts";

interface SavedGuest {
  readonly name: string;
  /** The secret that makes the next visit the same guest. */
  readonly key: string;
  readonly storageName: string;
}

const SAVED = "chat.guest";
export const MAX_NAME_LENGTH = 64;

/** Signs in under a name, as a new guest. */
export function startGuestSession(config: AppConfig, name: string): Session {
  const key = [...crypto.getRandomValues(new Uint8Array(24))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  const guest: SavedGuest = { name: cleanName(name), key, storageName: `guest-${key.slice(0, 8)}` };
  onDevice.write(SAVED, JSON.stringify(guest));
  return openSession(config, guest);
}

export function restoreGuestSession(config: AppConfig): Session | null {
  const saved = onDevice.read(SAVED);
  return saved ? openSession(config, JSON.parse(saved) as SavedGuest) : null;
}

function openSession(config: AppConfig, { name, key, storageName }: SavedGuest): Session {
  return {
    signIn: guestSignIn({ ticketUrl: config.ticketUrl, name, key }),
    storageName,
    isGuest: true,
    signOut: async () => onDevice.remove(SAVED),
  };
}
