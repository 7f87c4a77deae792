import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { isLonger, isStorable } from "../../../schema/text/unicode.ts";
import { CLOCK_TOLERANCE_SECONDS, MAX_ACTOR_LENGTH } from "../../../schema/vocabulary/limits.ts";
import type { Identity } from "./identity.ts";

/** The token does not let anybody in. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
}

/** The keys of Access could not be fetched, so no token can be checked. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

/** Which tokens are valid, and where their keys are. */
export interface TokenSettings {
  /** `https://<team>.cloudflareaccess.com`. */
  issuer: string;
  /** The application's AUD tag. */
  audience: string;
  /** The team's public keys, as a JSON Web Key Set. */
  keys: URL;
}

/**
 * Makes a check of Cloudflare Access tokens, which returns who is signed in. The key set is fetched with the first token and kept for ten minutes. It
 * is fetched again for an unknown key, at most every 30 s.
 *
 * @see https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/
 * @throws TokenRefused, from the check, for a token that is forged, expired, not yet valid or for another application.
 * @throws KeysUnavailable, from the check.
 */
export function createTokenCheck({ issuer, audience, keys }: TokenSettings): (token: string) => Promise<Identity> {
  const key = remoteKeys(keys);
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        // Whatever the token itself says, since Access signs with nothing else.
        algorithms: ["RS256"],
        requiredClaims: ["exp", "iat"],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      if (payload.type !== "app") throw new TokenRefused("the token does not belong to an application");
      return { name: actorOf(payload), groups: groupsOf(payload) };
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new TokenRefused(error.message, { cause: error });
      throw error;
    }
  };
}

/** The URL of a team's keys, by its issuer. Tests have their own. */
export type KeysOf = (issuer: string) => URL;

const cloudflareKeys: KeysOf = (issuer) => new URL("/cdn-cgi/access/certs", issuer);

/** A check of the tokens for a team and an audience. */
export type TokenChecks = (settings: { team: string; audience: string }) => (token: string) => Promise<Identity>;

/** Makes one check for each team and audience, because a check keeps their keys. */
export function createTokenChecks(keysOf: KeysOf = cloudflareKeys): TokenChecks {
  const checks = new Map<string, (token: string) => Promise<Identity>>();
  return ({ team, audience }) => {
    const issuer = `https://${team}.cloudflareaccess.com`;
    const known = checks.get(`${issuer} ${audience}`);
    if (known !== undefined) return known;
    const check = createTokenCheck({ issuer, audience, keys: keysOf(issuer) });
    checks.set(`${issuer} ${audience}`, check);
    return check;
  };
}

function remoteKeys(url: URL): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(url);
  return async (header, token) => {
    // Without a key id, any key of the set might do. Access always names one.
    if (typeof header.kid !== "string") throw new TokenRefused("the token names no key");
    try {
      return await remote(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      throw new KeysUnavailable("the keys of Cloudflare Access could not be fetched", { cause: error });
    }
  };
}

/** The name of who is signed in: a person's e-mail address, or a service token's name. */
function actorOf({ email, common_name }: JWTPayload): string {
  for (const name of [email, common_name]) {
    if (typeof name === "string" && name !== "" && isStorable(name) && !isLonger(name, MAX_ACTOR_LENGTH)) return name;
  }
  throw new TokenRefused("the token contains no name");
}

/** The groups. Access passes them on as a custom claim, if the identity provider is set up to send them. */
function groupsOf({ custom }: JWTPayload): readonly string[] {
  const groups = typeof custom === "object" && custom !== null ? (custom as { groups?: unknown }).groups : undefined;
  return Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [];
}
