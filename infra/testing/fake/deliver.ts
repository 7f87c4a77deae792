import { DEFAULT_WORKFLOW } from "../../../schema/config/destinations/index.ts";
import { cloudEventOrigin, destinationOf, hasRoute } from "../../../schema/config/routes.ts";
import type { ExecutionRecord } from "../../../schema/queries/dispatches/record-executions.ts";
import type { DispatchNotice } from "../../../schema/queue/messages.ts";
import type { CompiledRoutes } from "../../../workers/hub/routing/index.ts";
import { attemptAll } from "../../../workflows/attempt.ts";
import { group } from "../../../workflows/group.ts";
import { type PayloadRules, preparePayload } from "../../../workflows/prepare-payload.ts";
import type { FakeClock } from "./clock.ts";
import { claimed, type DispatchRow, type FakeStore } from "./store.ts";
import { bindingsFor, knownDestination } from "./targets.ts";
import type { FakeAttempt, FakeTarget } from "./types.ts";

/** More attempts than any finite process makes. A chain of events ends anyway if it passes on `context`. */
const MAX_ATTEMPTS = 100_000;

/** Delivers what a fake hub has stored, as the executor does. */
export class FakeExecutor {
  readonly #routes: CompiledRoutes;
  readonly #rules: PayloadRules;
  readonly #store: FakeStore;
  readonly #clock: FakeClock;

  constructor(routes: CompiledRoutes, store: FakeStore, clock: FakeClock) {
    const { config, transforms } = routes;
    this.#routes = routes;
    this.#rules = { origin: cloudEventOrigin(config), transforms, hasRoute: (name) => hasRoute(config, name) };
    this.#store = store;
    this.#clock = clock;
  }

  /** Computes what the destinations of new dispatches will get. */
  async preview(rows: readonly DispatchRow[]): Promise<void> {
    for (const row of rows) {
      const destination = destinationOf(this.#routes.config, row.planned.destination);
      const { payload, ...facts } = claimed(row, 0);
      const prepared = await preparePayload({ ...facts, payload: payload ?? {} }, destination, this.#rules);
      row.payload = "result" in prepared ? undefined : prepared.payload;
    }
  }

  /** See {@link import("./types.ts").FakeEventHub.deliverTo}. */
  async deliverTo(name: string, target: FakeTarget): Promise<FakeAttempt[]> {
    const destination = knownDestination(this.#routes.config, name);
    const bindings = bindingsFor(name, destination, target);
    const now = this.#clock.now();
    const due = this.#store.ongoing([name]).filter((row) => row.dueAt <= now && !row.claimed);
    for (const row of due) row.claimed = true;
    const byId = new Map(due.map((row) => [row.planned.id, row]));
    const attempts: FakeAttempt[] = [];
    let startedAt = now;
    for (const { members } of group(due.map(noticeOf), {
      workflows: [DEFAULT_WORKFLOW],
      groupSize: destination.groupSize,
    })) {
      const rows = members.flatMap(({ id }) => byId.get(id) ?? []);
      attempts.push(...(await this.#attempt(rows, bindings, startedAt)));
      startedAt = this.#clock.now();
    }
    return attempts;
  }

  /** See {@link import("./types.ts").FakeEventHub.deliverAll}. */
  async deliverAll(targets: Readonly<Record<string, FakeTarget>>): Promise<FakeAttempt[]> {
    const names = Object.keys(targets);
    const attempts: FakeAttempt[] = [];
    for (;;) {
      const made = await Promise.all(Object.entries(targets).map(([name, target]) => this.deliverTo(name, target)));
      attempts.push(...made.flat());
      if (attempts.length > MAX_ATTEMPTS)
        throw new Error(`still not all final after ${MAX_ATTEMPTS} attempts: do consumers emit without { context }?`);
      const open = this.#store.ongoing(names).filter((row) => !row.claimed);
      if (open.length === 0) return attempts;
      const next = open.reduce((least, { dueAt }) => Math.min(least, dueAt), Number.POSITIVE_INFINITY);
      this.#clock.advance(Math.max(0, next - this.#clock.now()));
    }
  }

  async #attempt(rows: DispatchRow[], bindings: Record<string, unknown>, startedAt: number): Promise<FakeAttempt[]> {
    const { config } = this.#routes;
    const byId = new Map(rows.map((row) => [row.planned.id, row]));
    const attempts: FakeAttempt[] = [];
    await attemptAll(
      {
        destinationOf: (name) => destinationOf(config, name),
        rules: this.#rules,
        bindings,
        claim: "",
        clock: () => new Date(this.#clock.now()),
        limit: this.#clock.limitFrom(startedAt),
      },
      rows.map((row) => claimed(row, startedAt)),
      (record, _outcome, _row, given) => {
        const row = byId.get(record.dispatchId);
        if (row === undefined) return;
        recordResult(row, record, this.#clock.now());
        attempts.push({
          dispatchId: record.dispatchId,
          eventId: row.event.id,
          destination: row.planned.destination,
          attempt: record.attempt,
          result: record.result,
          reason: record.reason,
          status: record.status,
          retryAt: record.status === "ongoing" ? new Date(row.dueAt) : undefined,
          payload: given?.payload,
          context: given?.context,
        });
      },
    );
    return attempts;
  }
}

/** Records the result of an attempt, like the hub's statement: the dispatch is final, or due again after the wait that the result asks for. */
function recordResult(
  row: DispatchRow,
  { attempt, status, reason, delaySeconds }: ExecutionRecord,
  nowMs: number,
): void {
  row.attempts = attempt;
  row.status = status;
  row.reason = reason;
  row.claimed = false;
  if (status === "ongoing") row.dueAt = nowMs + delaySeconds * 1_000;
}

/** The values by which the executor groups. */
const noticeOf = ({ planned, event, dueAt }: DispatchRow): DispatchNotice => ({
  id: planned.id,
  destination: planned.destination,
  generation: 0,
  dueAt,
  bytes: event.payloadBytes,
  timeoutSeconds: planned.timeoutSeconds,
});
