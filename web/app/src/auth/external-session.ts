import type { AppConfig } from "../config.ts";
import type { Session } from "./session.ts";

/**
 * The session of a deployment whose users sign in elsewhere (`ChatAuth.jwt`). Replace this file: return null where nobody is
 * signed in, else a session whose `signIn` is the SDK's `tokenSignIn({ ticketUrl: config.ticketUrl, getToken })`.
 */
export function restoreExternalSession(_config: AppConfig): Session | null {
  return null;
}
