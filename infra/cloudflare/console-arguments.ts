import type { Input } from "@pulumi/pulumi";
import { at, type Faults, isRecord, type Place, show } from "../../schema/config/faults.ts";
import { environmentFaults } from "../../workers/console/environment.ts";
import { checkAudience, checkDomain, checkTeam, isHostName } from "./public-arguments.ts";

/** Who may open the console: everybody whom your own Access application admits, or the people named here, for whom one is created. */
export type ConsoleAccess = {
  /** Your Cloudflare Access team: `acme` of acme.cloudflareaccess.com. */
  team: Input<string>;
  /**
   * Who of them may act: e-mail addresses, everybody in a domain (`@example.com`), names of service tokens, `group:NAME`. The others may only read.
   * Default: everybody may act.
   */
  operators?: readonly string[];
} & (
  | {
      /** AUD tag of your Access application for the console's address. */
      audience: Input<string>;
      allow?: never;
    }
  | {
      /** E-mail addresses, or everybody in a domain: `@example.com`. An Access application and its policy are created for them. */
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
  environment?: {
    name?: string;
    color?: string;
    /** Bulk actions on more than `confirmAbove` dispatches (default 100) begin only after the number is typed. */
    production?: boolean;
    confirmAbove?: number;
  };
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
  checkDomain(domain, at(place, "domain"), "events.example.com", faults);
  checkEnvironment(environment, at(place, "environment"), faults);
}

function checkAccess(access: unknown, place: Place, faults: Faults): void {
  if (!isRecord(access)) {
    const rule =
      'must say who may open the console: { team: "acme", allow: ["@example.com"] } or { team: "acme", audience: "..." }';
    faults.add(place, `${rule}, got ${show(access)}`);
    return;
  }
  const { team, audience, allow, operators, ...others } = access;
  for (const key of Object.keys(others)) faults.add(at(place, key), "is not a known key");
  checkTeam(team, place, faults);
  if (operators !== undefined && !(Array.isArray(operators) && operators.every(isOperator)))
    faults.add(
      at(place, "operators"),
      `must be an array of people who may act, each without commas, got ${show(operators)}`,
    );
  if (audience !== undefined && allow !== undefined) faults.add(place, "must have audience or allow, not both");
  else if (allow !== undefined) checkAllow(allow, at(place, "allow"), faults);
  else checkAudience(audience, place, faults);
}

/** A name that may be part of a list with commas. */
const isOperator = (entry: unknown) => typeof entry === "string" && /^[^,]*[^,\s][^,]*$/.test(entry);

function checkAllow(allow: unknown, place: Place, faults: Faults): void {
  if (!Array.isArray(allow) || allow.length === 0) {
    faults.add(place, `must be an array of at least one e-mail address or domain, got ${show(allow)}`);
    return;
  }
  for (const [index, entry] of allow.entries()) {
    const [, domain = ""] = typeof entry === "string" ? (/^[^@\s]*@([^@\s]+)$/.exec(entry) ?? []) : [];
    if (!isHostName(domain)) {
      faults.add(at(place, index), `must be an e-mail address, or a domain such as "@example.com", got ${show(entry)}`);
    }
  }
}

function checkEnvironment(environment: unknown, place: Place, faults: Faults): void {
  if (environment === undefined) return;
  if (!isRecord(environment)) {
    faults.add(place, `must be an object such as { name: "production", color: "crimson" }, got ${show(environment)}`);
    return;
  }
  const { name, color, production, confirmAbove, ...others } = environment;
  for (const key of Object.keys(others)) faults.add(at(place, key), "is not a known key");
  if (production !== undefined && typeof production !== "boolean")
    faults.add(at(place, "production"), `must be true or false, got ${show(production)}`);
  if (confirmAbove !== undefined && !(Number.isInteger(confirmAbove) && Number(confirmAbove) >= 0))
    faults.add(at(place, "confirmAbove"), `must be a number of dispatches, got ${show(confirmAbove)}`);
  for (const [key, rule] of Object.entries(environmentFaults({ name, color }))) {
    faults.add(at(place, key), `${rule}, got ${show(environment[key])}`);
  }
}
