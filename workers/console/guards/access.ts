import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { errorText, log } from "../../../schema/text/log.ts";
import { isLoopback } from "../../loopback.ts";
import type { ConsoleContext, ConsoleEnv } from "../env.ts";
import { type PlainError, plainErrorPage } from "../errors/plain-page.tsx";
import { type AccessSettings, readAccess } from "./access-settings.ts";
import { createTokenCheck, KeysUnavailable, TokenRefused } from "./access-token.ts";

/** Where a team's keys are; tests have them elsewhere. */
export type KeysOf = (issuer: string) => URL;

const cloudflareKeys: KeysOf = (issuer) => new URL("/cdn-cgi/access/certs", issuer);

const UNAVAILABLE: PlainError = {
  status: 503,
  title: "Nobody can be let in just now",
  message:
    "The keys of Cloudflare Access could not be fetched, so your sign-in cannot be checked. Try again in a moment.",
};
const SIGN_IN: PlainError = {
  status: 403,
  title: "You are not signed in",
  message:
    "This console is behind Cloudflare Access. Open it by its address in Access and sign in there; if you just did, reload.",
};
const NOT_LOCAL: PlainError = {
  status: 403,
  title: "Open only on this machine",
  message: "The local stack's console answers at http://localhost and its port, and by no other name.",
};

type Answer = { actor: string } | PlainError;

/**
 * Lets in whom Cloudflare Access has signed in, and puts their name into `c.var.actor`. The request itself must prove it: that Access stands
 * before the console's domain says nothing of its other addresses.
 */
export function requireAccess(keysOf: KeysOf = cloudflareKeys) {
  const tokens = createChecks(keysOf);
  return createMiddleware<ConsoleEnv>(async (c, next) => {
    const answer = await admit(c, readAccess(c.env), tokens);
    if ("actor" in answer) {
      c.set("actor", answer.actor);
      return await next();
    }
    return await plainErrorPage(c, answer);
  });
}

async function admit(c: ConsoleContext, settings: AccessSettings, tokens: Checks): Promise<Answer> {
  switch (settings.kind) {
    case "nobody":
      return { status: 500, title: "The console is not configured", message: settings.reason };
    case "local":
      return isLoopback(c.req.raw) ? { actor: settings.actor } : NOT_LOCAL;
    case "access": {
      // A header that is there decides: a cookie must not mend a bad one.
      const token = c.req.header("Cf-Access-Jwt-Assertion") ?? getCookie(c, "CF_Authorization");
      if (token === undefined || token === "") return SIGN_IN;
      try {
        return { actor: await tokens(settings)(token) };
      } catch (error) {
        if (!(error instanceof TokenRefused || error instanceof KeysUnavailable)) throw error;
        log("warn", "console.refused", { reason: errorText(error), cause: errorText(error.cause) });
        return error instanceof TokenRefused ? SIGN_IN : UNAVAILABLE;
      }
    }
  }
}

type Checks = (settings: { team: string; audience: string }) => (token: string) => Promise<string>;

/** One check a team and audience, since it keeps the keys. */
function createChecks(keysOf: KeysOf): Checks {
  const checks = new Map<string, (token: string) => Promise<string>>();
  return ({ team, audience }) => {
    const issuer = `https://${team}.cloudflareaccess.com`;
    const known = checks.get(`${issuer} ${audience}`);
    if (known !== undefined) return known;
    const check = createTokenCheck({ issuer, audience, keys: keysOf(issuer) });
    checks.set(`${issuer} ${audience}`, check);
    return check;
  };
}
