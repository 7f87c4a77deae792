import type { EnvOf } from "../../../schema/vocabulary/settings.ts";
import { operatorsOf } from "./roles.ts";

/** Who may come in: the users whom Cloudflare Access has signed in; in the local stack, anybody at the machine; or nobody, and why. */
export type AccessSettings =
  | { kind: "access"; team: string; audience: string; operators: readonly string[] | undefined }
  | { kind: "local"; actor: string }
  | { kind: "nobody"; reason: string };

/** The rule for a team's name. */
export const TEAM_RULE = "must be the team's name alone: acme of acme.cloudflareaccess.com";

/** A label of a host name, since the team becomes one. */
const TEAM = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

type Variables = Pick<
  EnvOf<"console", { OPERATOR: unknown; EVENTHUB: unknown }>,
  "ACCESS_TEAM" | "ACCESS_AUDIENCE" | "ACCESS_OPERATORS" | "LOCAL_ACTOR"
>;

/** Whether a value can be the name of an Access team. */
export const isTeam = (team: unknown): boolean => typeof team === "string" && TEAM.test(team);

/** Reads the variables. Incomplete or contradictory settings let nobody in. */
export function readAccess(env: Variables): AccessSettings {
  const [team, audience, actor] = [env.ACCESS_TEAM, env.ACCESS_AUDIENCE, env.LOCAL_ACTOR].map(
    (text) => text?.trim() ?? "",
  );
  const nobody = (reason: string): AccessSettings => ({ kind: "nobody", reason });
  if (actor && (team || audience)) {
    return nobody(
      "LOCAL_ACTOR is only for the local stack: it must not be set together with ACCESS_TEAM and ACCESS_AUDIENCE.",
    );
  }
  if (actor) return { kind: "local", actor };
  if (!team && !audience) {
    return nobody(
      "Nobody is configured to be let in: set ACCESS_TEAM and ACCESS_AUDIENCE to those of a Cloudflare Access application.",
    );
  }
  if (!team)
    return nobody(
      "ACCESS_TEAM is not set: it is the team's name in Cloudflare Access, acme of acme.cloudflareaccess.com.",
    );
  if (!isTeam(team)) return nobody(`ACCESS_TEAM ${TEAM_RULE}.`);
  if (!audience) return nobody("ACCESS_AUDIENCE is not set: it is the AUD tag of the Cloudflare Access application.");
  return { kind: "access", team, audience, operators: operatorsOf(env) };
}
