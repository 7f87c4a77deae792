import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import type { Role } from "../../../schema/vocabulary/roles.ts";
import { isLoopback } from "../../loopback.ts";
import type { ConsoleContext, ConsoleEnv } from "../env.ts";
import { type PlainError, plainErrorPage } from "../errors/plain-page.tsx";
import { type AccessSettings, readAccess } from "./access-settings.ts";
import { createTokenChecks, type KeysOf, KeysUnavailable, type TokenChecks, TokenRefused } from "./access-token.ts";
import { operatorsOf, roleOf } from "./roles.ts";

const UNAVAILABLE: PlainError = {
  status: 503,
  title: "Sign-ins cannot be checked at the moment",
  message:
    "The keys of Cloudflare Access could not be fetched, so your sign-in cannot be checked. Try again in a moment.",
};
const SIGN_IN: PlainError = {
  status: 403,
  title: "You are not signed in",
  message:
    "This console is behind Cloudflare Access. Open it at its address in Access and sign in there; if you have just done so, reload.",
};
const NOT_LOCAL: PlainError = {
  status: 403,
  title: "Open only on this machine",
  message: "The local stack's console answers only at http://localhost and its port.",
};

type Answer = { actor: string; role: Role } | PlainError;

/**
 * Lets in users whom Cloudflare Access has signed in. Puts their name into `c.var.actor` and their role into `c.var.role`. The request itself must
 * prove the sign-in: even if Access protects the console's domain, the console may have other addresses.
 */
export function requireAccess(keysOf?: KeysOf) {
  const tokens = createTokenChecks(keysOf);
  return createMiddleware<ConsoleEnv>(async (c, next) => {
    const answer = await admit(c, readAccess(c.env), tokens);
    if ("actor" in answer) {
      c.set("actor", answer.actor);
      c.set("role", answer.role);
      return await next();
    }
    return await plainErrorPage(c, answer);
  });
}

async function admit(c: ConsoleContext, settings: AccessSettings, tokens: TokenChecks): Promise<Answer> {
  switch (settings.kind) {
    case "nobody":
      return { status: 500, title: "The console is not configured", message: settings.reason };
    case "local":
      return isLoopback(c.req.raw) ? { actor: settings.actor, role: localRole(settings.actor, c.env) } : NOT_LOCAL;
    case "access": {
      // If there is a header, only the header counts: a cookie must not replace an invalid one.
      const token = c.req.header("Cf-Access-Jwt-Assertion") ?? getCookie(c, "CF_Authorization");
      if (token === undefined || token === "") return SIGN_IN;
      try {
        const identity = await tokens(settings)(token);
        return { actor: identity.name, role: roleOf(identity, settings.operators) };
      } catch (error) {
        if (!(error instanceof TokenRefused || error instanceof KeysUnavailable)) throw error;
        log("warn", "console.refused", { reason: errorText(error), cause: errorText(error.cause) });
        return error instanceof TokenRefused ? SIGN_IN : UNAVAILABLE;
      }
    }
  }
}

/** The role in a local stack, so that it can also be seen as a reader. */
const localRole = (name: string, env: ConsoleContext["env"]): Role => roleOf({ name, groups: [] }, operatorsOf(env));
