import type { Input } from "@pulumi/pulumi";
import { at, type Faults, isRecord, type Place, show } from "../../schema/config/faults.ts";
import { environmentFaults } from "../../workers/console/environment.ts";
import { isTeam, TEAM_RULE } from "../../workers/console/guards/access-settings.ts";

/** Who may open the console: whoever an Access application of yours lets in, or the people named here, for whom one is made. */
export type ConsoleAccess = {
  /** Your Cloudflare Access team: `acme` of acme.cloudflareaccess.com. */
  team: Input<string>;
} & (
  | {
      /** AUD tag of an Access application that you have for the console's address. */
      audience: Input<string>;
      allow?: never;
    }
  | {
      /** Addresses of e-mail, or all of a domain: `@example.com`. An Access application and its policy are made for them. */
      allow: readonly string[];
      audience?: never;
    }
);

/** The console for operators. It refuses everybody whom Cloudflare Access has not signed in. */
export interface ConsoleArgs {
  access: ConsoleAccess;
  /** Host name in a zone of the account, such as `events.example.com`; default `<name>-console.<subdomain>.workers.dev`. */
  domain?: string;
  /** Shown on every page, so that nobody mistakes one installation for another: a name of up to 40 characters, a CSS colour. */
  environment?: { name?: string; color?: string };
}

/** Finds everything that is wrong with the console's arguments. */
export function checkConsole(console: unknown, faults: Faults): void {
  if (console === undefined) return;
  const place = at(undefined, "console");
  if (!isRecord(console)) {
    faults.add(
      place,
      `must be an object such as { access: { team: "acme", allow: ["@example.com"] } }, got ${show(console)}`,
    );
    return;
  }
  const { access, domain, environment, ...others } = console;
  for (const key of Object.keys(others)) faults.add(at(place, key), "is not a known key");
  checkAccess(access, at(place, "access"), faults);
  if (domain !== undefined && !(typeof domain === "string" && isHostName(domain))) {
    faults.add(at(place, "domain"), `must be a host name such as "events.example.com", got ${show(domain)}`);
  }
  checkEnvironment(environment, at(place, "environment"), faults);
}

function checkAccess(access: unknown, place: Place, faults: Faults): void {
  if (!isRecord(access)) {
    const rule =
      'must say who may open the console: { team: "acme", allow: ["@example.com"] } or { team: "acme", audience: "..." }';
    faults.add(place, `${rule}, got ${show(access)}`);
    return;
  }
  const { team, audience, allow, ...others } = access;
  for (const key of Object.keys(others)) faults.add(at(place, key), "is not a known key");
  // What is an output of another resource is known later; the console itself checks it again.
  if (isKnown(team) && !isTeam(team)) faults.add(at(place, "team"), `${TEAM_RULE}, got ${show(team)}`);
  if (audience !== undefined && allow !== undefined) faults.add(place, "must have audience or allow, not both");
  else if (allow !== undefined) checkAllow(allow, at(place, "allow"), faults);
  else if (isKnown(audience) && !(typeof audience === "string" && /^[\x21-\x7e]{1,200}$/.test(audience))) {
    faults.add(at(place, "audience"), `must be the AUD tag of an Access application, got ${show(audience)}`);
  }
}

function checkAllow(allow: unknown, place: Place, faults: Faults): void {
  if (!Array.isArray(allow) || allow.length === 0) {
    faults.add(place, `must be an array of at least one address of e-mail or domain, got ${show(allow)}`);
    return;
  }
  for (const [index, entry] of allow.entries()) {
    const [, domain = ""] = typeof entry === "string" ? (/^[^@\s]*@([^@\s]+)$/.exec(entry) ?? []) : [];
    if (!isHostName(domain)) {
      faults.add(
        at(place, index),
        `must be an address of e-mail, or a domain such as "@example.com", got ${show(entry)}`,
      );
    }
  }
}

function checkEnvironment(environment: unknown, place: Place, faults: Faults): void {
  if (environment === undefined) return;
  if (!isRecord(environment)) {
    faults.add(place, `must be an object such as { name: "production", color: "crimson" }, got ${show(environment)}`);
    return;
  }
  const { name, color, ...others } = environment;
  for (const key of Object.keys(others)) faults.add(at(place, key), "is not a known key");
  for (const [key, rule] of Object.entries(environmentFaults({ name, color }))) {
    faults.add(at(place, key), `${rule}, got ${show(environment[key])}`);
  }
}

/** Whether it is a value and not an output or a promise. */
const isKnown = (value: unknown) => typeof value !== "object" || value === null;

const isHostName = (text: string) =>
  text.length <= 253 && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i.test(text);
