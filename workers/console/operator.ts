import type { Operator } from "../hub/index.ts";

/** What the console calls of the hub's {@link Operator}. */
export type OperatorCalls = Pick<
  Operator,
  | "listEvents"
  | "getEvent"
  | "listDispatches"
  | "getDispatch"
  | "stats"
  | "traffic"
  | "problems"
  | "getConfiguration"
  | "explain"
  | "listDestinations"
  | "getDestination"
  | "listPaused"
  | "retryDispatch"
  | "retryDispatches"
  | "replayEvents"
  | "cancelDispatch"
  | "cancelDispatches"
  | "pauseDestination"
  | "resumeDestination"
  | "getOperation"
  | "listOperations"
>;

/** The same calls, each action of which is `actor`'s: the hub believes a binding what it says of who acts. */
export function actingAs(operator: OperatorCalls, actor: string): OperatorCalls {
  return {
    listEvents: (filter, page) => operator.listEvents(filter, page),
    getEvent: (id) => operator.getEvent(id),
    listDispatches: (filter, page) => operator.listDispatches(filter, page),
    getDispatch: (id) => operator.getDispatch(id),
    stats: (options) => operator.stats(options),
    traffic: (options) => operator.traffic(options),
    problems: (options) => operator.problems(options),
    getConfiguration: () => operator.getConfiguration(),
    explain: (payload) => operator.explain(payload),
    listPaused: () => operator.listPaused(),
    listDestinations: () => operator.listDestinations(),
    getDestination: (name) => operator.getDestination(name),
    retryDispatch: (id, overrides) => operator.retryDispatch(id, { ...overrides, actor }),
    retryDispatches: (filter, options) => operator.retryDispatches(filter, { ...options, actor }),
    replayEvents: (filter, options) => operator.replayEvents(filter, { ...options, actor }),
    cancelDispatch: (id, options) => operator.cancelDispatch(id, { ...options, actor }),
    cancelDispatches: (filter, options) => operator.cancelDispatches(filter, { ...options, actor }),
    pauseDestination: (name, reason, options) => operator.pauseDestination(name, reason, { ...options, actor }),
    resumeDestination: (name, options) => operator.resumeDestination(name, { ...options, actor }),
    getOperation: (id) => operator.getOperation(id),
    listOperations: () => operator.listOperations(),
  };
}
