import type { Input } from "@pulumi/pulumi";
import { at, type Faults, isRecord, type Place, show } from "../../schema/config/faults.ts";
import { MIN_TOKEN_LENGTH } from "../../schema/vocabulary/limits.ts";
import { checkSchedules } from "./check-schedules.ts";
import { type CollectorArgs, checkCollector } from "./otlp-arguments.ts";
import { checkAudience, checkDomain, checkTeam, isKnown } from "./public-arguments.ts";

/** Where to push the metrics. */
export interface PushArgs extends CollectorArgs {
  /** When to push, as cron expressions (UTC); default every minute. Each run wakes the database. */
  schedules?: readonly string[];
}

/** The metrics Worker: `GET /metrics` in OpenMetrics, and `GET /health`. */
export interface MetricsArgs {
  /** The bearer token that callers send, of at least 16 characters. Kept as a secret. */
  token: Input<string>;
  /** Your own Access application for the address, whose service tokens open `/health`, too. */
  access?: { team: Input<string>; audience: Input<string> };
  /** Host name in a zone of the account, such as `metrics.example.com`; default `<name>-metrics.<subdomain>.workers.dev`. */
  domain?: string;
  /** The same metrics pushed over OTLP; default nowhere. */
  push?: PushArgs;
}

/** Finds everything that is wrong with the arguments of the metrics. A token is never shown. */
export function checkMetrics(metrics: unknown, faults: Faults): void {
  if (metrics === undefined) return;
  const place = at(undefined, "metrics");
  if (!isRecord(metrics)) {
    faults.add(
      place,
      `must be an object such as { token: config.requireSecret("metricsToken") }, got ${show(metrics)}`,
    );
    return;
  }
  const { token, access, domain, push, ...others } = metrics;
  for (const key of Object.keys(others)) faults.add(at(place, key), "is not a known key");
  if (isKnown(token) && !(typeof token === "string" && token.trim().length >= MIN_TOKEN_LENGTH))
    faults.add(at(place, "token"), `must be a secret of at least ${MIN_TOKEN_LENGTH} characters`);
  checkDomain(domain, at(place, "domain"), "metrics.example.com", faults);
  if (access !== undefined) checkAccess(access, at(place, "access"), faults);
  if (push !== undefined) checkPush(push, at(place, "push"), faults);
}

function checkPush(push: unknown, place: Place, faults: Faults): void {
  const { schedules, ...others } = checkCollector(push, place, faults);
  for (const key of Object.keys(others)) faults.add(at(place, key), "is not a known key");
  checkSchedules(schedules, at(place, "schedules"), faults);
}

function checkAccess(access: unknown, place: Place, faults: Faults): void {
  if (!isRecord(access)) {
    faults.add(place, `must be an object such as { team: "acme", audience: "..." }, got ${show(access)}`);
    return;
  }
  const { team, audience, ...others } = access;
  for (const key of Object.keys(others)) faults.add(at(place, key), "is not a known key");
  checkTeam(team, place, faults);
  checkAudience(audience, place, faults);
}
