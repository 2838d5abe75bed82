import { SignInRefusedError } from "./errors.ts";

/** Leave to open one connection, soon. */
export interface Admission {
  /** Where, the ticket in it. */
  readonly url: string;
  /** Who this user is there. */
  readonly user: string;
  readonly name: string;
}

/**
 * Gets an admission; called for each connection.
 *
 * @throws SignInRefusedError where another attempt will not help; after any other error it is tried again.
 */
export type SignIn = () => Promise<Admission>;

/** What signing in needs of `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The answer to `POST /ticket`. */
interface Ticket extends Admission {
  readonly ticket: string;
}

/**
 * Signs in as a guest under a name of choice.
 *
 * @param options.ticketUrl of `POST /ticket`.
 * @param options.name to be shown, 1 to 64 characters.
 * @param options.key a secret that makes this guest: keep it to be the same user after a reload. Made up where it is
 *   left out.
 */
export function guestSignIn(options: { ticketUrl: string; name: string; key?: string; fetch?: Fetch }): SignIn {
  const { ticketUrl, name, key = makeKey(), fetch = globalThis.fetch } = options;
  return async () => readTicket(await fetch(ticketUrl, makeRequest({ name, key })));
}

/**
 * Signs in with a token of Cognito or another provider.
 *
 * @param options.getToken gets it: for each connection, and once more with `isExpired` where the ticket was refused
 *   with 401. It may throw SignInRefusedError.
 */
export function tokenSignIn(options: {
  ticketUrl: string;
  getToken: (isExpired: boolean) => Promise<string>;
  fetch?: Fetch;
}): SignIn {
  const { ticketUrl, getToken, fetch = globalThis.fetch } = options;
  const ask = async (isExpired: boolean) =>
    fetch(ticketUrl, makeRequest({}, { authorization: `Bearer ${await getToken(isExpired)}` }));
  return async () => {
    const response = await ask(false);
    return readTicket(response.status === 401 ? await ask(true) : response);
  };
}

/** Makes a secret for a guest. Where there is no `crypto`, as in React Native, a key has to be given. */
function makeKey(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))));
}

function makeRequest(body: object, headers?: Record<string, string>): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

async function readTicket(response: Response): Promise<Admission> {
  if (response.ok) {
    const { url, ticket, user, name } = (await response.json()) as Ticket;
    return { url: `${url}?ticket=${encodeURIComponent(ticket)}`, user, name };
  }
  const { status } = response;
  const { code, message } = (await response.json().catch(() => ({}))) as { code?: string; message?: string };
  const reason = `${message ?? "no ticket"} (HTTP ${status})`;
  // What a proxy or a firewall answers says nothing about this user, and has no code of the chat's.
  const isRefused = status === 401 || (code && (status === 400 || status === 403));
  throw isRefused ? new SignInRefusedError(reason) : new Error(reason);
}
