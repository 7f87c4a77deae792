import { at, type Faults, type Place, show } from "../../schema/config/faults.ts";
import { isTeam, TEAM_RULE } from "../../workers/console/guards/access-settings.ts";

/** Whether this is a value, and not an output or a promise. Values of other resources are known later, and the Worker itself checks them again. */
export const isKnown = (value: unknown): boolean => typeof value !== "object" || value === null;

/** Whether this can be the name of a host in a zone. */
export const isHostName = (text: string): boolean =>
  text.length <= 253 && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i.test(text);

/** Checks the host name of a Worker, in a zone of the account. */
export function checkDomain(domain: unknown, place: Place, example: string, faults: Faults): void {
  if (domain === undefined || (typeof domain === "string" && isHostName(domain))) return;
  faults.add(place, `must be a host name such as "${example}", got ${show(domain)}`);
}

/** Checks the `team` of Cloudflare Access at `place`. */
export function checkTeam(team: unknown, place: Place, faults: Faults): void {
  if (isKnown(team) && !isTeam(team)) faults.add(at(place, "team"), `${TEAM_RULE}, got ${show(team)}`);
}

/** Checks the `audience` of an Access application at `place`. */
export function checkAudience(audience: unknown, place: Place, faults: Faults): void {
  if (!isKnown(audience) || (typeof audience === "string" && /^[\x21-\x7e]{1,200}$/.test(audience))) return;
  faults.add(at(place, "audience"), `must be the AUD tag of an Access application, got ${show(audience)}`);
}
