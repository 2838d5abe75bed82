/** Cognito's user pool API: the few calls that signing in needs, each an HTTP POST without credentials. */

export interface Tokens {
  readonly idToken: string;
  /** Answered at sign-in only. */
  readonly refreshToken: string | null;
}

/** What Cognito wants before it lets this user in: a password of their own, or the code of their authenticator. */
export interface Challenge {
  readonly name: ChallengeName;
  readonly username: string;
  readonly session: string;
}

const CHALLENGE_ANSWERS = { NEW_PASSWORD_REQUIRED: "NEW_PASSWORD", SOFTWARE_TOKEN_MFA: "SOFTWARE_TOKEN_MFA_CODE" };
type ChallengeName = keyof typeof CHALLENGE_ANSWERS;

interface AuthAnswer {
  readonly AuthenticationResult?: { readonly IdToken: string; readonly RefreshToken?: string };
  readonly ChallengeName?: string;
  readonly Session?: string;
  readonly ChallengeParameters?: { readonly USER_ID_FOR_SRP?: string };
}

export class CognitoError extends Error {
  override readonly name = "CognitoError";

  /** @param code Cognito's own, such as `NotAuthorizedException`; `network` where it could not be reached. */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export class CognitoClient {
  constructor(
    private readonly endpoint: string,
    private readonly clientId: string,
    private readonly fetchFrom: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  async signIn(username: string, password: string): Promise<Tokens | Challenge> {
    const answer = await this.call<AuthAnswer>("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
    return readTokensOrChallenge(answer, username);
  }

  /** @param secret the new password, or the authenticator's code. */
  async answerChallenge(challenge: Challenge, secret: string): Promise<Tokens | Challenge> {
    const answer = await this.call<AuthAnswer>("RespondToAuthChallenge", {
      ChallengeName: challenge.name,
      Session: challenge.session,
      ChallengeResponses: { USERNAME: challenge.username, [CHALLENGE_ANSWERS[challenge.name]]: secret },
    });
    return readTokensOrChallenge(answer, challenge.username);
  }

  async refresh(refreshToken: string): Promise<Tokens> {
    const answer = await this.call<AuthAnswer>("InitiateAuth", {
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: refreshToken },
    });
    return readTokens(answer);
  }

  /** Ends every session that began with this token. */
  async revoke(refreshToken: string): Promise<void> {
    await this.call("RevokeToken", { Token: refreshToken });
  }

  async signUp(email: string, password: string, name: string): Promise<void> {
    const attributes = { email, name };
    await this.call("SignUp", {
      Username: email,
      Password: password,
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    });
  }

  async confirmSignUp(email: string, code: string): Promise<void> {
    await this.call("ConfirmSignUp", { Username: email, ConfirmationCode: code });
  }

  async resendCode(email: string): Promise<void> {
    await this.call("ResendConfirmationCode", { Username: email });
  }

  async forgotPassword(email: string): Promise<void> {
    await this.call("ForgotPassword", { Username: email });
  }

  async confirmForgotPassword(email: string, code: string, password: string): Promise<void> {
    await this.call("ConfirmForgotPassword", { Username: email, ConfirmationCode: code, Password: password });
  }

  private async call<T>(operation: string, fields: Record<string, unknown>): Promise<T> {
    const response = await this.fetchFrom(this.endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify({ ClientId: this.clientId, ...fields }),
    }).catch(() => {
      throw new CognitoError("network", "The sign-in service can't be reached. Check your connection.");
    });
    const body = (await response.json().catch(() => ({}))) as T & { __type?: string; message?: string };
    if (response.ok) return body;
    const code = body.__type?.split("#").pop() ?? `http.${response.status}`;
    throw new CognitoError(code, body.message ?? `The sign-in service answered with HTTP ${response.status}.`);
  }
}

function readTokensOrChallenge(answer: AuthAnswer, username: string): Tokens | Challenge {
  const { ChallengeName: name, Session: session } = answer;
  if (!name || !session || !isKnownChallenge(name)) return readTokens(answer);
  return { name, session, username: answer.ChallengeParameters?.USER_ID_FOR_SRP ?? username };
}

function isKnownChallenge(name: string): name is ChallengeName {
  return name in CHALLENGE_ANSWERS;
}

function readTokens(answer: AuthAnswer): Tokens {
  const result = answer.AuthenticationResult;
  if (result) return { idToken: result.IdToken, refreshToken: result.RefreshToken ?? null };
  throw new CognitoError(
    "challenge",
    `This app can't answer the challenge ${answer.ChallengeName ?? "without a name"}.`,
  );
}
