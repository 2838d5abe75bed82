import { onDevice } from "./storage.ts";

/** What the page is told about its deployment, by config.json of its own origin. */
export interface AppConfig {
  readonly ticketUrl: string;
  readonly auth: "guest" | "cognito" | "jwt";
  readonly cognito?: { readonly endpoint: string; readonly clientId: string };
  readonly selfSignUp?: boolean;
}

const REMEMBERED = "chat.config";
/** A network that does not answer sooner counts as none, where there is something remembered. */
const PATIENCE_MS = 3000;

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Reads config.json; without a network, what it said last. */
export async function loadConfig(fetchFrom: typeof fetch = fetch): Promise<AppConfig> {
  const remembered = onDevice.read(REMEMBERED);
  const signal = remembered ? AbortSignal.timeout(PATIENCE_MS) : null;
  const answer = await fetchFrom("config.json", { cache: "no-store", signal }).catch(() => null);
  // A network that wants its users to sign in first answers with a page of its own.
  const config: unknown = answer?.ok ? await answer.json().catch(() => null) : null;
  if (config === null) {
    if (remembered) return JSON.parse(remembered) as AppConfig;
    throw new ConfigError(`config.json could not be read: ${answer ? `HTTP ${answer.status}` : "no network"}`);
  }
  if (!isConfig(config)) throw new ConfigError("config.json needs a ticketUrl, an auth, and with Cognito its client");
  onDevice.write(REMEMBERED, JSON.stringify(config));
  return config;
}

function isConfig(value: unknown): value is AppConfig {
  const config = value as Partial<AppConfig> | null;
  if (typeof config?.ticketUrl !== "string") return false;
  if (config.auth === "cognito") return Boolean(config.cognito?.endpoint && config.cognito.clientId);
  return config.auth === "guest" || config.auth === "jwt";
}
