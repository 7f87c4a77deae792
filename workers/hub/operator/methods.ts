import { cancelDispatch, cancelDispatches } from "./cancel.ts";
import { getCatalogue } from "./catalogue.ts";
import type { MethodContext } from "./context.ts";
import { getDestination, listDestinations, listPaused } from "./destinations.ts";
import { getDispatch, getEvent } from "./details.ts";
import { explainRouting } from "./explain.ts";
import { pageOfFlows } from "./flows.ts";
import { pauseKey, releaseKey, resumeKey } from "./keys.ts";
import { pageOfDispatches, pageOfEvents } from "./lists.ts";
import { getOperation, listOperations } from "./operations.ts";
import type { MethodName, OperatorMethods } from "./operator-methods.ts";
import { pauseDestination, resumeDestination } from "./pause.ts";
import { findProblems } from "./problems.ts";
import { replayEvents } from "./replay.ts";
import { retryDispatch, retryDispatches } from "./retry.ts";
import { resetFlow, setFlow } from "./set-flow.ts";
import { getStats } from "./stats.ts";
import { tick } from "./tick.ts";
import { getTraffic } from "./traffic.ts";

/** The answer of a method. */
export type Answer<Name extends MethodName> = Awaited<ReturnType<OperatorMethods[Name]>>;

/** Nothing that a caller gives was checked yet. */
type Unchecked<Arguments extends unknown[]> = { [Place in keyof Arguments]: unknown };

/** One method: what it runs, and how it is called in a terminal. */
export interface Method<Name extends MethodName> {
  /** Checks its arguments and answers. @throws OperatorError for what it refuses */
  run(context: MethodContext, ...args: Unchecked<Parameters<OperatorMethods[Name]>>): Promise<Answer<Name>>;
  /** The command in a terminal, which takes arguments by their place, and its help; or the method whose command calls this one as well. */
  command?: readonly [usage: string, help: string] | MethodName;
}

/** Every method of the operators: the hub's entrypoint and the commands of the terminal are made from this. */
export const METHODS: { readonly [Name in MethodName]: Method<Name> } = {
  listDispatches: {
    run: ({ database }, filter, page) => pageOfDispatches(database, filter, page),
    command: ["list", "dispatches, the newest first"],
  },
  listEvents: {
    run: ({ database }, filter, page) => pageOfEvents(database, filter, page),
    command: ["events", "events, the newest first"],
  },
  getDispatch: {
    run: ({ database }, id) => getDispatch(database, id),
    command: ["show <dispatch>", "a dispatch with its executions"],
  },
  getEvent: {
    run: ({ database }, id) => getEvent(database, id),
    command: ["event <event>", "an event with its payload and dispatches"],
  },
  catalogue: { run: getCatalogue },
  listDestinations: {
    run: ({ database, config }) => listDestinations(database, config()),
    command: ["destinations", "every destination, its state and its health"],
  },
  getDestination: { run: (context, name) => getDestination(context, context.config(), name) },
  listPaused: { run: ({ database }) => listPaused(database) },
  getConfiguration: {
    async run({ routes }) {
      const { destinations, events, ...config } = routes().config;
      // RPC takes no object without a prototype.
      return { ...config, destinations: { ...destinations }, ...(events && { events: { ...events } }) };
    },
  },
  explain: {
    run: explainRouting,
    command: ["explain <file>", "what every route says of the payload in a JSON file (needs --routing)"],
  },
  listOperations: { run: listOperations, command: ["operations", "who did what, the newest first"] },
  getOperation: {
    run: getOperation,
    command: ["operation <operation>", "who did what, with all its arguments, and how far it is"],
  },
  problems: {
    run: ({ database }, options) => findProblems(database, options),
    command: ["problems", "what ended without success and was not retried, by cause; and what is overdue"],
  },
  stats: {
    run: ({ database }, options) => getStats(database, options),
    command: ["stats", "results by time and destination"],
  },
  traffic: {
    run: ({ database }, options) => getTraffic(database, options),
    command: ["traffic", "events emitted, and how long their delivery took, by time"],
  },
  retryDispatch: {
    run: retryDispatch,
    command: ["retry [dispatch]", "a new dispatch in place of a final one, or of all that a filter finds"],
  },
  retryDispatches: { run: retryDispatches, command: "retryDispatch" },
  replayEvents: { run: replayEvents, command: ["replay", "deliver events again"] },
  cancelDispatch: {
    run: cancelDispatch,
    command: ["cancel [dispatch]", "cancel an ongoing dispatch, or all that a filter finds"],
  },
  cancelDispatches: { run: cancelDispatches, command: "cancelDispatch" },
  pauseDestination: {
    run: (context, name, reason, options) => pauseDestination(context, context.config(), name, reason, options),
    command: ["pause <destination> [reason]", "hold a destination's dispatches"],
  },
  resumeDestination: {
    run: (context, name, options) => resumeDestination(context, context.config(), name, options),
    command: ["resume <destination>", "let them go again, oldest first"],
  },
  flows: {
    run: ({ database }, filter, page) => pageOfFlows(database, filter, page),
    command: ["flow", "keys of destinations with limits or an order: how much waits, and for what"],
  },
  pauseKey: { run: pauseKey, command: ["pause-key <destination> <key>", "hold one key of a destination"] },
  resumeKey: { run: resumeKey, command: ["resume-key <destination> <key>", "let it go again"] },
  releaseKey: {
    run: releaseKey,
    command: ["release <destination> <key>", "let an order go on without what failed for good and holds it"],
  },
  setFlow: {
    run: setFlow,
    command: ["set-flow <destination>", "other limits for a while, of a destination or one of its keys"],
  },
  resetFlow: {
    run: resetFlow,
    command: ["reset-flow <destination>", "back to the configured limits, without the memory of what was called"],
  },
  tick: { run: tick },
};
