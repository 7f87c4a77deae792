import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { isLonger, isStorable } from "../../../schema/text/unicode.ts";
import { CLOCK_TOLERANCE_SECONDS, MAX_ACTOR_LENGTH } from "../../../schema/vocabulary/limits.ts";

/** A token that lets nobody in. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
}

/** Access' keys could not be fetched: nothing can be said of any token. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

/** Whose tokens are good, and where their keys are. */
export interface TokenSettings {
  /** `https://<team>.cloudflareaccess.com`. */
  issuer: string;
  /** The application's AUD tag. */
  audience: string;
  /** The team's public keys, as a JSON Web Key Set. */
  keys: URL;
}

/**
 * Makes the check of Cloudflare Access tokens: it gives who is signed in, a person's address of e-mail or the name of a service token. The key set
 * is fetched with the first token, kept for ten minutes, and fetched again for an unknown key, at most every 30 s.
 *
 * @see https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/
 * @throws TokenRefused, from the check: forged, expired, not yet valid, somebody else's.
 * @throws KeysUnavailable, from the check.
 */
export function createTokenCheck({ issuer, audience, keys }: TokenSettings): (token: string) => Promise<string> {
  const key = keysOf(keys);
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        // Whatever the token itself says: Access signs with nothing else.
        algorithms: ["RS256"],
        requiredClaims: ["exp", "iat"],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      if (payload.type !== "app") throw new TokenRefused("the token is not an application's");
      return actorOf(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new TokenRefused(error.message, { cause: error });
      throw error;
    }
  };
}

function keysOf(url: URL): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(url);
  return async (header, token) => {
    // Without one, any key of the set might do; Access always says which.
    if (typeof header.kid !== "string") throw new TokenRefused("the token names no key");
    try {
      return await remote(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      throw new KeysUnavailable("the keys of Cloudflare Access could not be fetched", { cause: error });
    }
  };
}

/** A person's token has an address of e-mail, a service token's its name. */
function actorOf({ email, common_name }: JWTPayload): string {
  for (const name of [email, common_name]) {
    if (typeof name === "string" && name !== "" && isStorable(name) && !isLonger(name, MAX_ACTOR_LENGTH)) return name;
  }
  throw new TokenRefused("the token says nobody's name");
}
