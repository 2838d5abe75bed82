import { expect, test } from "vitest";
import { CognitoClient, CognitoError } from "../../src/auth/cognito.ts";

interface Call {
  readonly operation: string;
  readonly body: Record<string, unknown>;
}

/** A Cognito that answers with what it is given, in order, and keeps what it was asked. */
function answering(...answers: { status?: number; body: unknown }[]) {
  const calls: Call[] = [];
  const fetchFrom = async (_url: unknown, init?: RequestInit) => {
    const target = new Headers(init?.headers).get("X-Amz-Target") ?? "";
    calls.push({ operation: target.split(".")[1] ?? "", body: JSON.parse(String(init?.body)) });
    const { status = 200, body } = answers.shift() ?? { body: {} };
    return new Response(JSON.stringify(body), { status });
  };
  return { calls, cognito: new CognitoClient("/cognito", "client", fetchFrom as typeof fetch) };
}

const TOKENS = { AuthenticationResult: { IdToken: "id", RefreshToken: "refresh" } };

test("signs in with a password", async () => {
  const { cognito, calls } = answering({ body: TOKENS });
  expect(await cognito.signIn("ada@a.example", "secret")).toEqual({ idToken: "id", refreshToken: "refresh" });
  expect(calls[0]).toMatchObject({
    operation: "InitiateAuth",
    body: { ClientId: "client", AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: "ada@a.example" } },
  });
});

test.each([
  ["NEW_PASSWORD_REQUIRED", "NEW_PASSWORD"],
  ["SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE"],
])("answers the challenge %s", async (name, field) => {
  const challenge = { ChallengeName: name, Session: "s", ChallengeParameters: { USER_ID_FOR_SRP: "sub" } };
  const { cognito, calls } = answering({ body: challenge }, { body: TOKENS });
  const asked = await cognito.signIn("ada@a.example", "secret");
  if ("idToken" in asked) throw new Error("no challenge");
  expect(await cognito.answerChallenge(asked, "answer")).toMatchObject({ idToken: "id" });
  expect(calls[1]?.body).toMatchObject({ Session: "s", ChallengeResponses: { USERNAME: "sub", [field]: "answer" } });
});

test("a challenge that the app does not know is an error that names it", async () => {
  const { cognito } = answering({ body: { ChallengeName: "SMS_MFA", Session: "s" } });
  await expect(cognito.signIn("ada", "x")).rejects.toThrow("SMS_MFA");
});

test("a refusal carries Cognito's code and message", async () => {
  const body = { __type: "com.amazonaws#NotAuthorizedException", message: "Incorrect username or password." };
  const { cognito } = answering({ status: 400, body });
  const error = await cognito.signIn("ada", "x").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(CognitoError);
  expect(error).toMatchObject({ code: "NotAuthorizedException", message: "Incorrect username or password." });
});

test("no network is told as such", async () => {
  const cognito = new CognitoClient("/cognito", "client", () => Promise.reject(new TypeError("failed")));
  await expect(cognito.refresh("r")).rejects.toMatchObject({ code: "network" });
});

test("each other step calls the operation of its name", async () => {
  const { cognito, calls } = answering();
  await cognito.signUp("ada@a.example", "secret", "Ada");
  await cognito.confirmSignUp("ada@a.example", "123");
  await cognito.resendCode("ada@a.example");
  await cognito.forgotPassword("ada@a.example");
  await cognito.confirmForgotPassword("ada@a.example", "123", "new");
  await cognito.revoke("r");
  const operations = [
    "SignUp",
    "ConfirmSignUp",
    "ResendConfirmationCode",
    "ForgotPassword",
    "ConfirmForgotPassword",
    "RevokeToken",
  ];
  expect(calls.map(({ operation }) => operation)).toEqual(operations);
  expect(calls[0]?.body.UserAttributes).toContainEqual({ Name: "name", Value: "Ada" });
});
