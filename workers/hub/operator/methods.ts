import { cancelDispatch, cancelDispatches } from "./cancel.ts";
import { getCatalogue } from "./catalogue.ts";
import type { MethodContext } from "./context.ts";
import { getDestination, listDestinations, listPaused } from "./destinations.ts";
import { getDispatch, getEvent } from "./details.ts";
import { examineDeployment } from "./examine-deployment.ts";
import { explainRouting } from "./explain.ts";
import { find } from "./find.ts";
import { pageOfFlows } from "./flows.ts";
import { pauseKey, releaseKey, resumeKey } from "./key-actions.ts";
import { kindMemberOf, pageOfDispatches, pageOfEvents } from "./lists.ts";
import { noteIncident } from "./note-incident.ts";
import { getOperation, listOperations } from "./operations.ts";
import type { MethodName, OperatorMethods } from "./operator-methods.ts";
import { pauseDestination, resumeDestination } from "./pause-destination.ts";
import { findProblems } from "./problems.ts";
import { replayEvents } from "./replay.ts";
import { retryDispatch, retryDispatches } from "./retry.ts";

import { getRouteHealth } from "./route-health.ts";
import { resetFlow, setFlow } from "./set-flow.ts";
import { getStats } from "./stats.ts";
import { stopOperation } from "./stop-operation.ts";
import { getTail } from "./tail.ts";
import { tick } from "./tick.ts";
import { getTraffic } from "./traffic.ts";

/** The answer of a method. */
export type Answer<Name extends MethodName> = Awaited<ReturnType<OperatorMethods[Name]>>;

/** Arguments as a caller gives them: unchecked. */
type Unchecked<Arguments extends unknown[]> = { [Place in keyof Arguments]: unknown };

/** One method: its implementation, and its command in a terminal. */
export interface Method<Name extends MethodName> {
  /** Checks the arguments and answers. @throws OperatorError for what it refuses */
  run(context: MethodContext, ...args: Unchecked<Parameters<OperatorMethods[Name]>>): Promise<Answer<Name>>;
  /** The command in a terminal, which takes arguments by position, and its help; or the name of the method whose command also calls this one. */
  command?: readonly [usage: string, help: string] | MethodName;
}

/** Every method of the operators. The hub's entrypoint and the commands of the terminal are made from this. */
export const METHODS: { readonly [Name in MethodName]: Method<Name> } = {
  listDispatches: {
    run: (context, filter, page) => pageOfDispatches(context.database, filter, page, { member: kindMemberOf(context) }),
    command: ["list", "dispatches, the newest first"],
  },
  listEvents: {
    run: (context, filter, page) => pageOfEvents(context.database, filter, page, { member: kindMemberOf(context) }),
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
  find: {
    run: find,
    command: ["find <text>", "where a text stands: keys, values that an index finds, reasons"],
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
      // RPC accepts no object without a prototype.
      return { ...config, destinations: { ...destinations }, ...(events && { events: { ...events } }) };
    },
  },
  explain: {
    run: explainRouting,
    command: ["explain [file]", "say for every route whether it matches a payload or a stored event (needs --routing)"],
  },
  listOperations: {
    run: (context, filter, page) => listOperations(context, filter, page),
    command: ["operations", "who did what, the newest first"],
  },
  getOperation: {
    run: getOperation,
    command: ["operation <operation>", "one operation: who did what, with all its arguments, and its progress"],
  },
  problems: {
    run: ({ database }, options) => findProblems(database, options),
    command: ["problems", "incidents: what failed and was not retried, worst first; and what is overdue"],
  },
  tail: {
    run: ({ database }, filter, options) => getTail(database, filter, options),
    command: ["tail", "events, attempts and results as they happen, until Ctrl-C"],
  },
  deployment: {
    run: ({ database }) => examineDeployment(database),
    command: ["doctor", "what is wrong with the deployment, and when hub and executor last ran"],
  },
  stats: {
    run: ({ database }, options) => getStats(database, options),
    command: ["stats", "results by time and destination"],
  },
  traffic: {
    run: ({ database }, options) => getTraffic(database, options),
    command: ["traffic", "events emitted, and how long their delivery took, by time"],
  },
  routeHealth: {
    run: ({ database }, options) => getRouteHealth(database, options),
    command: ["routes", "how each route did in the last 24 hours: results, success, percentiles"],
  },
  retryDispatch: {
    run: retryDispatch,
    command: ["retry [dispatch]", "retry a final dispatch, or all that a filter finds, as new dispatches"],
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
    command: ["resume <destination>", "release a destination's held dispatches, oldest first"],
  },
  flows: {
    run: ({ database }, filter, page) => pageOfFlows(database, filter, page),
    command: ["flow", "keys of destinations with limits or an order: how much waits, and for what"],
  },
  pauseKey: { run: pauseKey, command: ["pause-key <destination> <key>", "hold one key of a destination"] },
  resumeKey: { run: resumeKey, command: ["resume-key <destination> <key>", "release a paused key"] },
  releaseKey: {
    run: releaseKey,
    command: ["release <destination> <key>", "let an order go on without the failed dispatch that holds it"],
  },
  setFlow: {
    run: setFlow,
    command: ["set-flow <destination>", "set other limits for a while, for a destination or one of its keys"],
  },
  resetFlow: {
    run: resetFlow,
    command: ["reset-flow <destination>", "go back to the configured limits; the rate forgets earlier calls"],
  },
  noteIncident: {
    run: noteIncident,
    command: ["note <dispatch> <text>", "leave a note on a dispatch's incident, for the next person on call"],
  },
  stopOperation: { run: stopOperation, command: ["stop <operation>", "stop bulk work; what it has made stays"] },
  tick: { run: (context) => tick(context) },
};
