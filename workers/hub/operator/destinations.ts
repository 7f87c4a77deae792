import { flowRulesOf } from "../../../schema/config/destinations/flow.ts";
import { destinationOf, type RouteConfig } from "../../../schema/config/routes.ts";
import type { DestinationState, PausedDestination, PeriodHealth } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import {
  findDestination,
  type KnownDestinationRow,
  readDestinations,
  readPaused,
} from "../../../schema/queries/destinations/read-destinations.ts";
import { type DestinationHealthRow, readHealth } from "../../../schema/queries/destinations/read-health.ts";
import { countOngoing, type OngoingRow } from "../../../schema/queries/dispatches/count-results.ts";
import { type FlowDestinationRow, readFlowDestination } from "../../../schema/queries/flow/read-flow-destinations.ts";
import { check, NameSchema } from "./check.ts";
import type { OperatorContext } from "./context.ts";
import { toDestinationFlow } from "./flows.ts";
import { OperatorError } from "./operator-error.ts";

/** What the database says of all destinations, or of one. */
interface Known {
  health: DestinationHealthRow[];
  ongoing: OngoingRow[];
  rows: KnownDestinationRow[];
  flows: FlowDestinationRow[];
}

/** Every destination that the configuration or the database knows, by name. */
export async function listDestinations(
  database: Database,
  config: RouteConfig | undefined,
): Promise<DestinationState[]> {
  const known = await readKnown(database);
  const configured =
    config === undefined
      ? []
      : [...Object.keys(config.destinations), ...config.routes.map((route) => route.destination)];
  const names = new Set([
    ...configured,
    ...known.health.map(({ destination }) => destination),
    ...known.ongoing.map(({ destination }) => destination),
    ...known.rows.map(({ name }) => name),
  ]);
  return [...names].sort().map((name) => toState(name, known, config));
}

/** One destination with its health. @throws OperatorError `not_found` for a name that nobody knows */
export async function getDestination(
  context: OperatorContext,
  config: RouteConfig | undefined,
  name: unknown,
): Promise<DestinationState> {
  return readState(context.database, config, await knownName(context, config, name));
}

/** A name that nobody knows is a slip of the pen: a pause of it would hold nothing. @throws OperatorError */
export async function knownName(
  { database }: OperatorContext,
  config: RouteConfig | undefined,
  name: unknown,
): Promise<string> {
  const checked = check(NameSchema, name, "name");
  if (config !== undefined && destinationOf(config, checked) !== undefined) return checked;
  const [row] = await database.run(findDestination(checked));
  if (row?.known !== true) throw new OperatorError("not_found", `there is no destination ${JSON.stringify(checked)}`);
  return checked;
}

/** The state of a destination, whether anybody knows it or not. */
export async function readState(
  database: Database,
  config: RouteConfig | undefined,
  name: string,
): Promise<DestinationState> {
  return toState(name, await readKnown(database, name), config);
}

/** Those that are paused or drain, the longest paused first; without their health it costs next to nothing. */
export async function listPaused(database: Database): Promise<PausedDestination[]> {
  return (await database.run(readPaused())).map((row) => ({
    name: row.name,
    pausedAt: row.paused_at,
    pausedBy: row.paused_by,
    pauseReason: row.pause_reason,
    draining: row.drain_from !== null,
    ongoing: row.ongoing,
  }));
}

async function readKnown(database: Database, name?: string): Promise<Known> {
  const [health, ongoing, rows, flows] = await database.transaction<
    [DestinationHealthRow, OngoingRow, KnownDestinationRow, FlowDestinationRow]
  >([readHealth(name), countOngoing(name), readDestinations(), readFlowDestination(name)]);
  return { health, ongoing, rows, flows };
}

function toState(name: string, known: Known, config: RouteConfig | undefined): DestinationState {
  const state = known.rows.find((row) => row.name === name);
  const ongoing = known.ongoing.find((row) => row.destination === name);
  const declared = config && destinationOf(config, name);
  const flow = known.flows.find((row) => row.destination === name);
  const of = (period: string) => known.health.find((row) => row.destination === name && row.period === period);
  return {
    name,
    kind: declared?.kind ?? null,
    pausedAt: state?.paused_at ?? null,
    pausedBy: state?.paused_by ?? null,
    pauseReason: state?.pause_reason ?? null,
    draining: (state?.drain_from ?? null) !== null,
    ongoing: ongoing?.dispatches ?? 0,
    oldestOngoing: ongoing?.oldest ?? null,
    flow: flow === undefined && flowRulesOf(declared) === undefined ? null : toDestinationFlow(flow, declared),
    groupLimit: toGroupLimit(state),
    hour: toHealth(of("hour")),
    day: toHealth(of("day")),
  };
}

function toGroupLimit(row: KnownDestinationRow | undefined): DestinationState["groupLimit"] {
  const { group_limit: size = null, group_limited_at: since = null, group_limited_by: by } = row ?? {};
  return size === null || since === null ? null : { size, since, by: by ?? "" };
}

function toHealth(row: DestinationHealthRow | undefined): PeriodHealth {
  const { complete = 0, ignored = 0, failed = 0, misconfigured = 0, lost = 0, cancelled = 0 } = row ?? {};
  const ended = complete + ignored + failed + misconfigured + lost;
  return {
    // Four digits, as in the view.
    successRate: ended === 0 ? null : Math.round(((complete + ignored) / ended) * 10_000) / 10_000,
    statuses: { complete, ignored, failed, misconfigured, lost, cancelled },
    p50Ms: row?.p50_ms ?? null,
    p95Ms: row?.p95_ms ?? null,
    p99Ms: row?.p99_ms ?? null,
  };
}
