import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import * as v from "valibot";
import { flowRulesOf } from "../schema/config/destinations/flow.ts";
import { cloudEventOrigin, destinationOf, hasRoute, type RouteConfig } from "../schema/config/routes.ts";
import { configurationOf } from "../schema/config/worker-configuration.ts";
import type { Database } from "../schema/database/connection.ts";
import { databaseOf } from "../schema/database/from-environment.ts";
import { type ExecutionRecord, recordExecutions } from "../schema/queries/dispatches/record-executions.ts";
import { AHEAD_SECONDS } from "../schema/queries/flow/take.ts";
import { idArray } from "../schema/queries/fragments/list-conditions.ts";
import { errorText } from "../schema/text/error-text.ts";
import { log } from "../schema/text/log.ts";
import { tellMisconfigured } from "../schema/text/tell-misconfigured.ts";
import { annotate, platformSpan } from "../schema/trace/platform-span.ts";
import { OWN_ATTRIBUTES } from "../schema/trace/span.ts";
import { tracingOf } from "../schema/trace/tracing.ts";
import { MAX_TIMEOUT_SECONDS } from "../schema/vocabulary/limits.ts";
import { MAX_SLEEP_SECONDS } from "../schema/vocabulary/platform-limits.ts";
import type { Attempting } from "./attempt.ts";
import { AttemptSpans } from "./attempt-spans.ts";
import { engineDelay } from "./backoff.ts";
import { alarmOf, reportDone } from "./call-alarm.ts";
import { deliver, isSpent, MAX_ENGINE_ATTEMPTS, mostCallsInStep } from "./deliver.ts";
import type { ExecutorEnv } from "./env.ts";
import { LAST_TAKE_MS, pull } from "./flow/pull.ts";
import { startPullers } from "./flow/start-pullers.ts";
import { recordLate } from "./flow/turn.ts";
import { type Group, type Pull, Work } from "./group.ts";
import { handOverTo, type Leaving } from "./hand-over.ts";
import { stepTimeoutSeconds } from "./lease-and-step-timeout.ts";
import { graceSecondsOf } from "./read-grace.ts";
import type { Delivered } from "./round.ts";
import { transformsOf } from "./transform/read-transforms.ts";

/**
 * The most engine attempts of an instance that takes dispatches itself: each makes up to 100 calls, with at most one request to the database per
 * call.
 */
const MAX_PULL_ATTEMPTS = 50;

/** The most tries to record known results while the database is down: a day, with a grace of a minute between two. */
const RECORD_ATTEMPTS = 1_440;

/**
 * Delivers a group of dispatches of one destination. A usual life is one step; the engine's durable retry drives further attempts. Extend it
 * with the route configuration, and bind it to the executor as `DISPATCH`:
 *
 * @example
 * ```ts
 * import { DispatchWorkflow } from "cf-eventhub-workflows/executor";
 * import routing from "./routing.json";
 * export class Dispatch extends DispatchWorkflow {
 *   protected override readonly configuration = routing;
 * }
 * ```
 */
export class DispatchWorkflow<Env extends ExecutorEnv = ExecutorEnv> extends WorkflowEntrypoint<Env, Work> {
  /** The route configuration as a JSON module. Default: the variable `EVENTHUB_ROUTING`. */
  protected readonly configuration: unknown = undefined;

  /** Never fails: an instance that ends `errored` is a defect. Reconciling takes over what it leaves ongoing. */
  override async run(event: Readonly<WorkflowEvent<Work>>, step: WorkflowStep): Promise<void> {
    const { instanceId } = event;
    try {
      const work = v.parse(Work, event.payload);
      if ("destination" in work) {
        if (work.waitMs > 0) await step.sleep("due", Math.min(work.waitMs, MAX_SLEEP_SECONDS * 1_000));
        return await this.#pull(step, work, instanceId);
      }
      await sleepUntilDue(step, work.dueAt, event.timestamp);
      const delivered = await this.#deliver(step, work, instanceId);
      if (delivered.unrecorded.length > 0) await this.#record(step, delivered, instanceId);
      if (work.watched) await reportDone(alarmOf(this.env), work.members);
    } catch (error) {
      if (isEngineAbort(error)) throw error;
      log("error", "instance.gave_up", { instanceId, error: errorText(error) });
    }
  }

  #deliver(step: WorkflowStep, group: Group, instanceId: string): Promise<Delivered> {
    const { workflow, timeoutSeconds } = group;
    // Kept until the database has answered: a claim whose answer was lost is requested again, and counts once.
    let token: string | undefined;
    /** Calls so far. Calls of attempts before this isolate are unknown, and counted as the most that they may have been. */
    let calls: number | undefined;
    return step.do(
      "deliver",
      {
        retries: { limit: MAX_ENGINE_ATTEMPTS - 1, delay: engineDelay(graceSecondsOf(this.env)), backoff: "constant" },
        timeout: stepTimeoutSeconds(timeoutSeconds) * 1_000,
      },
      async ({ attempt }) => {
        calls ??= (attempt - 1) * mostCallsInStep(group.members.length);
        const leaving = this.#leaving(instanceId);
        const spans = this.#spans(instanceId);
        try {
          // In here, so that a faulty configuration is retried like all trouble of our own, until it is corrected.
          const config = tellMisconfigured(() => configurationOf(this.configuration, this.env));
          return await deliver(group.members, {
            ...this.#attempting(config),
            ...leaving,
            spans,
            workflow,
            timeoutSeconds,
            token: () => {
              token ??= crypto.randomUUID();
              return token;
            },
            claimed: () => {
              token = undefined;
            },
            keepToken: (kept) => {
              token = kept;
            },
            counted: (more) => {
              calls = (calls ?? 0) + more;
            },
            leave: (leave) => handOverTo(leaving, leave),
          });
        } catch (error) {
          if (!isSpent({ attempt, calls, members: group.members.length })) throw error;
          log("warn", "instance.spent", { instanceId, attempts: attempt, calls, error: errorText(error) });
          await handOverTo(leaving, group);
          return { records: [], unrecorded: [], remaining: [] };
        } finally {
          this.#send(spans);
        }
      },
    ) as Promise<Delivered>;
  }

  /** Takes and delivers dispatches of a destination with limits or an order. */
  async #pull(step: WorkflowStep, { workflow, destination: name }: Pull, instanceId: string): Promise<void> {
    const { unrecorded, spent } = (await step.do(
      "deliver",
      {
        retries: { limit: MAX_PULL_ATTEMPTS - 1, delay: engineDelay(graceSecondsOf(this.env)), backoff: "constant" },
        timeout: (stepTimeoutSeconds(MAX_TIMEOUT_SECONDS) + AHEAD_SECONDS) * 1_000 + LAST_TAKE_MS,
      },
      async ({ attempt }) => {
        const spans = this.#spans(instanceId);
        try {
          const config = tellMisconfigured(() => configurationOf(this.configuration, this.env));
          const database = tellMisconfigured(() => databaseOf(this.env));
          const destination = destinationOf(config, name);
          const limits = flowRulesOf(destination) ?? {};
          const startMore = () => this.#startPullers(name, { full: true }).catch(() => undefined); // more instances help, but are not required
          return await pull({
            ...this.#attempting(config),
            spans,
            database,
            instanceId,
            workflow,
            name,
            destination,
            limits,
            startMore,
          });
        } catch (error) {
          if (attempt < MAX_PULL_ATTEMPTS) throw error;
          log("warn", "instance.spent", { instanceId, attempts: attempt, error: errorText(error) });
          return { records: [], unrecorded: [], remaining: [], spent: true };
        } finally {
          this.#send(spans);
        }
      },
    )) as Delivered & { spent?: boolean };
    if (unrecorded.length > 0)
      await this.#record(step, { records: [], unrecorded, remaining: [] }, instanceId, { workflow, name });
    // Another instance continues.
    if (unrecorded.length > 0 || spent === true) await this.#startPullers(name, { leaving: instanceId });
  }

  async #startPullers(destination: string, why: { leaving?: string; full?: boolean }): Promise<void> {
    const config = configurationOf(this.configuration, this.env);
    const workflowOf = (name: string) => (this.env as unknown as Record<string, Workflow<Work> | undefined>)[name];
    await startPullers(destination, idArray([]), { database: databaseOf(this.env), config, workflowOf, ...why });
  }

  #attempting(config: RouteConfig): Attempting {
    return {
      destinationOf: (name) => destinationOf(config, name),
      rules: {
        origin: cloudEventOrigin(config),
        transforms: transformsOf(config),
        hasRoute: (name) => hasRoute(config, name),
      },
      bindings: this.env as unknown as Readonly<Record<string, unknown>>,
      alarm: alarmOf(this.env),
    };
  }

  /** The spans of the step that begins. Also adds the instance's id to the platform's own span of the step. */
  #spans(instanceId: string): AttemptSpans | undefined {
    annotate(this.ctx, { [OWN_ATTRIBUTES.instanceId]: instanceId });
    const tracing = tracingOf("executor", this.env);
    return tracing && new AttemptSpans(tracing, instanceId, platformSpan(this.ctx));
  }

  /** Beside the work: no step waits for a collector. */
  #send(spans: AttemptSpans | undefined): void {
    if (spans !== undefined) this.ctx.waitUntil(spans.send());
  }

  /** Records results later. They are known, so the destination is not called again for them, however long the database is down. */
  async #record(
    step: WorkflowStep,
    { unrecorded, remaining }: Delivered,
    instanceId: string,
    flow?: { workflow: string; name: string },
  ): Promise<void> {
    const leaving = this.#leaving(instanceId);
    await step.do(
      "record",
      {
        retries: { limit: RECORD_ATTEMPTS - 1, delay: engineDelay(graceSecondsOf(this.env)), backoff: "constant" },
        timeout: stepTimeoutSeconds(0) * 1_000,
      },
      async () => {
        if (flow === undefined) await leaving.database.run(recordExecutions(unrecorded, instanceId));
        else await this.#recordFlow(leaving.database, unrecorded, instanceId, flow);
        await handOverTo(leaving, { members: remaining });
      },
    );
  }

  async #recordFlow(
    database: Database,
    records: readonly ExecutionRecord[],
    instanceId: string,
    { workflow, name: destination }: { workflow: string; name: string },
  ) {
    const config = configurationOf(this.configuration, this.env);
    const rules = flowRulesOf(destinationOf(config, destination)) ?? {};
    await recordLate(database, { destination, rules, instanceId, workflow, records });
  }

  #leaving(instanceId: string): Leaving {
    const database = tellMisconfigured(() => databaseOf(this.env));
    return { database, queue: this.env.EVENTHUB_QUEUE, instanceId };
  }
}

/** If an instance wakes late, its date has passed. The engine refuses such a date, and the instance simply continues. */
async function sleepUntilDue(step: WorkflowStep, dueAt: number, created: Date): Promise<void> {
  if (dueAt <= created.getTime()) return;
  try {
    await step.sleepUntil("due", new Date(dueAt));
  } catch (error) {
    if (isEngineAbort(error)) throw error;
    log("debug", "sleep.refused", { error: errorText(error) });
  }
}

/**
 * How the engine ends a run when somebody pauses, restarts, terminates or deletes the instance. We must not catch this, or a paused instance would
 * end.
 */
const isEngineAbort = (error: unknown) => error instanceof Error && error.message.startsWith("Aborting engine:");
