import type { SignIn } from "@chat-stack/sdk";
import type { AppConfig } from "../config.ts";
import { restoreCognitoSession } from "./cognito-session.ts";
import { restoreExternalSession } from "./external-session.ts";
import { restoreGuestSession } from "./guest-session.ts";

/** Somebody who has signed in on this device. */
export interface Session {
  /** Gets a ticket for each connection. */
  readonly signIn: SignIn;
  /** Names what is kept on this device for this user. */
  readonly storageName: string;
  /** A guest who signs out can't come back as the same guest. */
  readonly isGuest: boolean;
  readonly signOut: () => Promise<void>;
}

/** Who was signed in when the page was last open. */
export function restoreSession(config: AppConfig): Session | null {
  switch (config.auth) {
    case "guest":
      return restoreGuestSession(config);
    case "cognito":
      return restoreCognitoSession(config);
    case "jwt":
      return restoreExternalSession(config);
  }
}
