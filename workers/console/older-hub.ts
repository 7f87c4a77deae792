/** After a rollback of the hub, the console is newer than its hub: what the hub's answers lack gets the value that says nothing. */
import type { Operation } from "../../schema/contract/operations.ts";
import type {
  DestinationState,
  DispatchDetail,
  DispatchSummary,
  EventDetail,
  EventSummary,
  Page,
} from "../../schema/contract/operator.ts";
import type { FailureGroup, Problems } from "../../schema/contract/problems.ts";
import { DEFAULT_HEALTH, type DestinationStateName } from "../../schema/vocabulary/destination-states.ts";
import type { OperatorMethods } from "../hub/operator/operator-methods.ts";

type Answer<Name extends keyof OperatorMethods> = Awaited<ReturnType<OperatorMethods[Name]>>;

const event = <T extends EventSummary>(one: T): T => ({ ...one, invalid: one.invalid ?? null });

const dispatch = <T extends DispatchSummary>(one: T): T => ({
  ...one,
  flowKey: one.flowKey ?? null,
  orderKey: one.orderKey ?? null,
});

const page = <T>(answer: Page<T>, one: (item: T) => T): Page<T> => ({ ...answer, items: answer.items.map(one) });

const destination = (one: DestinationState): DestinationState => ({
  ...one,
  state: one.state ?? stateOf(one),
  rules: one.rules ?? DEFAULT_HEALTH,
  drain: one.drain ?? null,
  flow: one.flow ?? null,
  groupLimit: one.groupLimit ?? null,
});

/** The state of a destination as far as its results of the last hour say, by the default rules. */
function stateOf({ pausedAt, draining, hour: { successRate } }: DestinationState): DestinationStateName {
  if (pausedAt !== null) return "paused";
  if (draining) return "draining";
  if (successRate === null) return "idle";
  if (successRate < DEFAULT_HEALTH.failingBelow) return "failing";
  return successRate < DEFAULT_HEALTH.degradedBelow ? "degraded" : "delivering";
}

const operation = (one: Operation): Operation => ({
  ...one,
  expected: one.expected ?? null,
  stoppedBy: one.stoppedBy ?? null,
  outcome: one.outcome ?? null,
});

const failures = (one: FailureGroup): FailureGroup => ({
  ...one,
  key: one.key ?? "",
  state: one.state ?? "quiet",
  overTime: one.overTime ?? [],
  notes: one.notes ?? [],
});

/** A preview of bulk work, or the work itself. */
const bulk = <T extends object>(answer: T): T =>
  "state" in answer
    ? (operation(answer as unknown as Operation) as unknown as T)
    : { limited: false, outOfOrder: 0, ...answer };

/** How the answers of methods are completed whose members have become more. */
const COMPLETED: { readonly [Name in keyof OperatorMethods]?: (answer: Answer<Name>) => Answer<Name> } = {
  listEvents: (answer) => page(answer, event),
  getEvent: (answer: EventDetail) => ({
    ...event(answer),
    traceId: answer.traceId ?? null,
    dispatches: answer.dispatches.map(dispatch),
  }),
  listDispatches: (answer) => page(answer, dispatch),
  getDispatch: (answer: DispatchDetail) => ({
    ...dispatch(answer),
    position: answer.position ?? null,
    held: answer.held ?? false,
    waiting: answer.waiting ?? null,
  }),
  traffic: (answer) => ({ ...answer, estimated: answer.estimated ?? false }),
  problems: (answer: Problems) => ({
    ...answer,
    retrying: answer.retrying ?? [],
    failures: answer.failures.map(failures),
  }),
  listDestinations: (answer) => answer.map(destination),
  getDestination: destination,
  listOperations: (answer) => answer.map(operation),
  getOperation: operation,
  retryDispatches: bulk,
  cancelDispatches: bulk,
  replayEvents: bulk,
};

/** The answer of a method with all members that this version knows. */
export function completed(method: string, answer: unknown): unknown {
  const complete = Object.hasOwn(COMPLETED, method) ? COMPLETED[method as keyof OperatorMethods] : undefined;
  return complete === undefined ? answer : (complete as (answer: unknown) => unknown)(answer);
}
