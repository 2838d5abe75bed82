/** What the page is told about its deployment, by config.json of its own origin. */
export interface AppConfig {
  readonly ticketUrl: string;
  readonly auth: "guest" | "cognito" | "jwt";
  readonly cognito?: { readonly endpoint: string; readonly clientId: string };
  readonly selfSignUp?: boolean;
}

const REMEMBERED = "chat.config";

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Reads config.json; without a network, what it said last. */
export async function loadConfig(fetchFrom: typeof fetch = fetch): Promise<AppConfig> {
  const answer = await fetchFrom("config.json", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) {
    const remembered = localStorage.getItem(REMEMBERED);
    if (remembered) return JSON.parse(remembered) as AppConfig;
    throw new ConfigError(`config.json could not be read: ${answer ? `HTTP ${answer.status}` : "no network"}`);
  }
  const config: unknown = await answer.json();
  if (!isConfig(config)) throw new ConfigError("config.json needs a ticketUrl, an auth, and with Cognito its client");
  localStorage.setItem(REMEMBERED, JSON.stringify(config));
  return config;
}

function isConfig(value: unknown): value is AppConfig {
  const config = value as Partial<AppConfig> | null;
  if (typeof config?.ticketUrl !== "string") return false;
  if (config.auth === "cognito") return Boolean(config.cognito?.endpoint && config.cognito.clientId);
  return config.auth === "guest" || config.auth === "jwt";
}
