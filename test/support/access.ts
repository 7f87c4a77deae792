import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";

/** A team's key pair, and its public key in the form that the team publishes. */
export interface TeamKey {
  kid: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

/** A local team of Cloudflare Access: it signs tokens, and serves its keys over HTTP. */
export interface Team {
  issuer: string;
  audience: string;
  /** The address of its keys. */
  keys: URL;
  /** How often the keys have been requested. */
  asked(): number;
  /** Sets the keys that it publishes; the first one signs. */
  publish(keys: readonly TeamKey[]): void;
  /** Sets what the keys' address answers from now on: `"keys"` again, another status, no JSON, or nothing at all. */
  answer(how: "keys" | "hang" | "not JSON" | number): void;
  /** A valid token for `ada@example.com`, with changes. */
  token(changes?: TokenChanges): Promise<string>;
  stop(): Promise<void>;
}

/** How a token differs from the usual one; a claim that is `undefined` is left out. */
export interface TokenChanges {
  claims?: JWTPayload & { [claim: string]: unknown };
  key?: TeamKey;
  /** `null`: the token names no key. */
  kid?: string | null;
}

export async function makeKey(kid: string): Promise<TeamKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" } };
}

/** Starts the team `acme` with one key. */
export async function startTeam(): Promise<Team> {
  const [issuer, audience] = ["https://acme.cloudflareaccess.com", "a".repeat(64)];
  let published: readonly TeamKey[] = [await makeKey("first")];
  let how: "keys" | "hang" | "not JSON" | number = "keys";
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    if (how === "hang") return;
    if (typeof how === "number") response.statusCode = how;
    response.end(how === "not JSON" ? "<html>" : JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    issuer,
    audience,
    keys: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/cdn-cgi/access/certs`),
    asked: () => asked,
    publish: (keys) => {
      published = keys;
    },
    answer: (what) => {
      how = what;
    },
    token: async ({ claims = {}, key = published[0], kid = key?.kid ?? null } = {}) => {
      if (key === undefined) throw new Error("the team has no key");
      const now = Math.floor(Date.now() / 1_000);
      const usual = { iss: issuer, aud: [audience], iat: now, nbf: now, exp: now + 3_600, type: "app" };
      return await new SignJWT({ ...usual, sub: "7335d417", email: "ada@example.com", ...claims })
        .setProtectedHeader({ alg: "RS256", typ: "JWT", ...(kid === null ? {} : { kid }) })
        .sign(key.privateKey);
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
