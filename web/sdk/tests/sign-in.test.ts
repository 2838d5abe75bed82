import { describe, expect, it } from "vitest";
import { guestSignIn, SignInRefusedError, tokenSignIn } from "../src/index.ts";

const TICKET = { ticket: "a/b", url: "wss://chat", expires_in: 60, user: "ada", name: "Ada" };

interface Asked {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Record<string, string>;
}

/** Answers requests for tickets, one after the other. */
function serve(...answers: [status: number, body: unknown][]) {
  const asked: Asked[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    asked.push({
      url,
      headers: init.headers as Asked["headers"],
      body: JSON.parse(String(init.body)) as Asked["body"],
    });
    const [status, body] = answers.shift() ?? [500, {}];
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  return { asked, fetch };
}

const ticketUrl = "https://chat/ticket";

describe("a guest", () => {
  it("gets the URL with the ticket, and is the same for each connection", async () => {
    const { asked, fetch } = serve([200, TICKET], [200, TICKET]);
    const signIn = guestSignIn({ ticketUrl, name: "Ada", fetch });
    expect(await signIn()).toEqual({ url: "wss://chat?ticket=a%2Fb", user: "ada", name: "Ada" });
    await signIn();
    expect(asked[0]).toMatchObject({ url: ticketUrl, body: { name: "Ada" } });
    expect(asked[0]?.body.key?.length).toBeGreaterThan(30);
    expect(asked[1]?.body).toEqual(asked[0]?.body);
  });

  it("may bring a key", async () => {
    const { asked, fetch } = serve([200, TICKET]);
    await guestSignIn({ ticketUrl, name: "Ada", key: "secret", fetch })();
    expect(asked[0]?.body).toEqual({ name: "Ada", key: "secret" });
  });

  it.each([
    [400, { code: "name.bad", message: "no such name" }, "no such name (HTTP 400)"],
    [403, { code: "user.banned", message: "banned" }, "banned (HTTP 403)"],
    [401, "<html>", "no ticket (HTTP 401)"],
  ])("is refused for good with HTTP %i", async (status, body, reason) => {
    const { fetch } = serve([status, body]);
    const refusal = guestSignIn({ ticketUrl, name: "Ada", fetch })();
    await expect(refusal).rejects.toThrow(reason);
    await expect(refusal).rejects.toBeInstanceOf(SignInRefusedError);
  });

  it.each([
    [400, "<html>", "no ticket"],
    [403, { message: "Forbidden" }, "Forbidden"],
    [403, "<html>", "no ticket"],
    [404, "<html>", "no ticket"],
    [429, { message: "Too Many Requests" }, "Too Many Requests"],
    [503, { code: "server.unavailable", message: "try later" }, "try later"],
  ])("may try again after HTTP %i, %j", async (status, body, reason) => {
    const { fetch } = serve([status, body]);
    const failure = guestSignIn({ ticketUrl, name: "Ada", fetch })();
    await expect(failure).rejects.toThrow(`${reason} (HTTP ${status})`);
    await expect(failure).rejects.not.toBeInstanceOf(SignInRefusedError);
  });
});

describe("a user with a token", () => {
  it("shows it", async () => {
    const { asked, fetch } = serve([200, TICKET]);
    await tokenSignIn({ ticketUrl, getToken: async () => "token", fetch })();
    expect(asked[0]?.headers.authorization).toBe("Bearer token");
  });

  it("gets another one where it has expired, once", async () => {
    const { asked, fetch } = serve([401, {}], [200, TICKET], [401, {}], [401, { message: "Unauthorized" }]);
    const getToken = async (isExpired: boolean) => (isExpired ? "fresh" : "stale");
    const signIn = tokenSignIn({ ticketUrl, getToken, fetch });
    expect((await signIn()).user).toBe("ada");
    await expect(signIn()).rejects.toThrow("Unauthorized (HTTP 401)");
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(
      ["stale", "fresh", "stale", "fresh"].map((token) => `Bearer ${token}`),
    );
  });
});
