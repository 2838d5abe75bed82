import { SignInRefusedError, tokenSignIn } from "@chat-stack/sdk";
import type { AppConfig } from "../config.ts";
import { onDevice } from "../storage.ts";
import { CognitoClient, CognitoError, type Tokens } from "./cognito.ts";
import type { Session } from "./session.ts";

interface SavedUser {
  /**
   * Kept in localStorage, so that a reload does not ask for the password again. A script that ran in this page could read
   * it; the Content-Security-Policy lets none in but the app's own, and signing out revokes it.
   */
  readonly refreshToken: string;
  readonly storageName: string;
}

const SAVED = "chat.cognito";
/** A token is renewed this long before it expires. */
const MARGIN_MS = 60_000;

export function createCognitoClient(config: AppConfig): CognitoClient {
  if (!config.cognito) throw new Error("config.json has no cognito");
  return new CognitoClient(config.cognito.endpoint, config.cognito.clientId);
}

/** The session of a user whom Cognito has just let in. */
export function startCognitoSession(config: AppConfig, tokens: Tokens): Session {
  const saved: SavedUser = {
    refreshToken: tokens.refreshToken ?? "",
    storageName: `user-${String(readClaims(tokens.idToken).sub)}`,
  };
  onDevice.write(SAVED, JSON.stringify(saved));
  return openSession(config, saved, tokens.idToken);
}

export function restoreCognitoSession(config: AppConfig): Session | null {
  const saved = onDevice.read(SAVED);
  return saved ? openSession(config, JSON.parse(saved) as SavedUser, null) : null;
}

function openSession(config: AppConfig, saved: SavedUser, firstToken: string | null): Session {
  const cognito = createCognitoClient(config);
  // In memory only: it is good for an hour, and a new one is a request away.
  let idToken = firstToken;
  const getToken = async (isExpired: boolean): Promise<string> => {
    if (idToken && !isExpired && !expiresSoon(idToken)) return idToken;
    idToken = await renewToken(cognito, saved.refreshToken);
    return idToken;
  };
  return {
    signIn: tokenSignIn({ ticketUrl: config.ticketUrl, getToken }),
    storageName: saved.storageName,
    isGuest: false,
    signOut: async () => {
      onDevice.remove(SAVED);
      // Without a network the token is at least forgotten here.
      await cognito.revoke(saved.refreshToken).catch(() => undefined);
    },
  };
}

async function renewToken(cognito: CognitoClient, refreshToken: string): Promise<string> {
  try {
    return (await cognito.refresh(refreshToken)).idToken;
  } catch (error) {
    const isOver = error instanceof CognitoError && /^(NotAuthorized|UserNotFound|InvalidParameter)/.test(error.code);
    throw isOver ? new SignInRefusedError("Your session has ended. Sign in again.") : error;
  }
}

function expiresSoon(token: string): boolean {
  return Number(readClaims(token).exp) * 1000 < Date.now() + MARGIN_MS;
}

/** What a token says, unverified: the chat verifies it, here it only names the user's storage and tells its end. */
function readClaims(token: string): Record<string, unknown> {
  const payload = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))));
}
