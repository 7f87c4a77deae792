import { flowRulesOf } from "../../../schema/config/destinations/flow.ts";
import { healthRulesOf } from "../../../schema/config/health.ts";
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
import { type DestinationStateRow, readStates } from "../../../schema/queries/destinations/read-states.ts";
import { countOngoing, type OngoingRow } from "../../../schema/queries/dispatches/count-results.ts";
import { type FlowDestinationRow, readFlowDestination } from "../../../schema/queries/flow/read-flow-destinations.ts";
import { DEFAULT_DRAIN_PER_SECOND } from "../../../schema/vocabulary/defaults.ts";
import { DEFAULT_HEALTH, type HealthRules } from "../../../schema/vocabulary/destination-states.ts";
import { DELIVERED_STATUSES, FINAL_STATUSES, UNHAPPY_STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { check, NameSchema } from "./argument-schemas.ts";
import type { OperatorContext } from "./context.ts";
import { toDestinationFlow } from "./flows.ts";
import { OperatorError } from "./operator-error.ts";

/** What the database knows about all destinations, or about one. */
interface Known {
  health: DestinationHealthRow[];
  states: DestinationStateRow[];
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

/** Refuses a name that nobody knows, because it is a mistyped one: pausing it would hold nothing. @throws OperatorError */
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

/** The destinations that are paused or drain, the longest paused first. Without their health, this costs next to nothing. */
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
  const [health, states, ongoing, rows, flows] = await database.transaction<
    [DestinationHealthRow, DestinationStateRow, OngoingRow, KnownDestinationRow, FlowDestinationRow]
  >([readHealth(name), readStates(name), countOngoing(name), readDestinations(), readFlowDestination(name)]);
  return { health, states, ongoing, rows, flows };
}

function toState(name: string, known: Known, config: RouteConfig | undefined): DestinationState {
  const state = known.rows.find((row) => row.name === name);
  const ongoing = known.ongoing.find((row) => row.destination === name);
  const declared = config && destinationOf(config, name);
  const flow = known.flows.find((row) => row.destination === name);
  const of = (period: string) => known.health.find((row) => row.destination === name && row.period === period);
  const judged = known.states.find((row) => row.destination === name);
  return {
    name,
    state: judged?.state ?? "idle",
    rules: toRules(judged) ?? (config === undefined ? DEFAULT_HEALTH : healthRulesOf(config, name)),
    kind: declared?.kind ?? null,
    pausedAt: state?.paused_at ?? null,
    pausedBy: state?.paused_by ?? null,
    pauseReason: state?.pause_reason ?? null,
    draining: (state?.drain_from ?? null) !== null,
    drain: toDrain(state, declared?.drainPerSecond ?? DEFAULT_DRAIN_PER_SECOND),
    ongoing: ongoing?.dispatches ?? 0,
    oldestOngoing: ongoing?.oldest ?? null,
    flow: flow === undefined && flowRulesOf(declared) === undefined ? null : toDestinationFlow(flow, declared),
    groupLimit: toGroupLimit(state),
    hour: toHealth(of("hour")),
    day: toHealth(of("day")),
  };
}

/** The rules that made a state. */
function toRules(row: DestinationStateRow | undefined): HealthRules | undefined {
  return (
    row && {
      windowSeconds: row.window_seconds,
      leastResults: row.least_results,
      failingBelow: row.failing_below,
      degradedBelow: row.degraded_below,
      manyFailures: row.many_failures,
      degradedBelowWithMany: row.degraded_below_with_many,
    }
  );
}

function toDrain(row: KnownDestinationRow | undefined, perSecond: number): DestinationState["drain"] {
  const { drain_rest: rest = null, drain_next: next = null } = row ?? {};
  if (rest === null || next === null) return null;
  return { rest, perSecond, until: new Date(next.getTime() + (rest / perSecond) * 1_000) };
}

function toGroupLimit(row: KnownDestinationRow | undefined): DestinationState["groupLimit"] {
  const { group_limit: size = null, group_limited_at: since = null, group_limited_by: by } = row ?? {};
  return size === null || since === null ? null : { size, since, by: by ?? "" };
}

/** The number of dispatches that were delivered, and the number that ended without success. */
function sumsOf(statuses: PeriodHealth["statuses"]): { delivered: number; unhappy: number } {
  const sum = (names: readonly (keyof typeof statuses)[]) => names.reduce((total, name) => total + statuses[name], 0);
  return { delivered: sum(DELIVERED_STATUSES), unhappy: sum(UNHAPPY_STATUSES) };
}

function toHealth(row: DestinationHealthRow | undefined): PeriodHealth {
  const counts = FINAL_STATUSES.map((status) => [status, row?.[status] ?? 0] as const);
  const statuses = Object.fromEntries(counts) as PeriodHealth["statuses"];
  const { delivered, unhappy } = sumsOf(statuses);
  const ended = delivered + unhappy;
  return {
    // Four decimal places, as in the view.
    successRate: ended === 0 ? null : Math.round((delivered / ended) * 10_000) / 10_000,
    statuses,
    p50Ms: row?.p50_ms ?? null,
    p95Ms: row?.p95_ms ?? null,
    p99Ms: row?.p99_ms ?? null,
  };
}
