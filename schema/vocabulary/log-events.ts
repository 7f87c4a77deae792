/** Every line that the Workers log: its name, its levels, its fields, and when it is written. Only types of it reach a Worker. */

/** The value of a field: `?` where it may be left out, `json` for what has parts. */
type FieldKind = "number" | "string" | "json" | "number?" | "string?" | "json?";

interface LogEventEntry {
  readonly levels: readonly ("debug" | "info" | "warn" | "error")[];
  readonly fields: Readonly<Record<string, FieldKind>>;
  readonly what: string;
}

const refusedEmit = {
  levels: ["error"],
  fields: { error: "string", events: "number" },
  what: "A call of `emit` was refused by what the database said; the name ends with the code that the caller got.",
} as const satisfies LogEventEntry;

/** By name. */
export const LOG_EVENTS = {
  "event.emitted": {
    levels: ["info"],
    fields: { events: "number", duplicates: "number", dispatches: "number" },
    what: "A call of `emit` was committed.",
  },
  "emit.invalid_payload": refusedEmit,
  "emit.too_large": refusedEmit,
  "emit.misconfigured": refusedEmit,
  "emit.unavailable": refusedEmit,
  "events.invalid": {
    levels: ["warn"],
    fields: { events: "number", refused: "number" },
    what: "Events were stored that are not as their kinds are defined; the refused ones came in SQL, and make no dispatches.",
  },
  "events.routed": {
    levels: ["info"],
    fields: { events: "number" },
    what: "Events that were emitted in SQL got their dispatches, beside a call of `emit`.",
  },
  "events.route_failed": {
    levels: ["warn"],
    fields: { error: "string" },
    what: "Events that were emitted in SQL could not be routed: the cron, or the next call, looks again.",
  },
  "hub.ticked": {
    levels: ["info"],
    fields: { routed: "number", operations: "number" },
    what: "The hub's cron routed events, or went on with bulk work.",
  },
  "flow.not_started": {
    levels: ["warn"],
    fields: { destination: "string", error: "string" },
    what: "A destination with limits or an order could not be told that something is there for it: the message comes again, or reconciling finds it.",
  },
  "flow.released": {
    levels: ["info"],
    fields: { destination: "string", dispatches: "number" },
    what: "Orders go on that were held: by now the destination's configuration skips what fails for good.",
  },
  "enqueue.failed": {
    levels: ["warn"],
    fields: { dispatches: "number", error: "string" },
    what: "The queue refused a message: reconciling finds the dispatches in Postgres.",
  },
  "setup.faulty": {
    levels: ["error"],
    fields: { fault: "string", since: "string", error: "string" },
    what: "A part of the deployment does nothing, by the word of another's cron: what was forgotten, and since when.",
  },
  "setup.unknown": {
    levels: ["warn"],
    fields: { error: "string" },
    what: "It could not be asked whether the other parts of the deployment are at work.",
  },
  misconfigured: {
    levels: ["error"],
    fields: { error: "string" },
    what: "A binding or a setting of the Worker is missing, or is something else: nothing works before it is mended.",
  },
  "configuration.refused": {
    levels: ["error"],
    fields: { error: "string" },
    what: "The route configuration is faulty: each fault, with its place.",
  },
  "configuration.no_routes": {
    levels: ["warn"],
    fields: {},
    what: "The route configuration has no route: what is emitted is kept, and goes nowhere; said once an isolate.",
  },
  "variable.refused": {
    levels: ["error"],
    fields: { variable: "string", error: "string", used: "number" },
    what: "A variable is faulty, and its default holds; said once an isolate.",
  },
  "operator.acted": { levels: ["info"], fields: { method: "string" }, what: "An operator's call changed something." },
  "operator.refused": {
    levels: ["warn"],
    fields: { method: "string", error: "string" },
    what: "An operator's call was refused.",
  },
  "operation.failed": {
    levels: ["warn"],
    fields: { operationId: "string", action: "string", error: "string" },
    what: "Bulk work that was left half-way could not be gone on with: the next cron tries again.",
  },
  "batch.consumed": {
    levels: ["info"],
    fields: { messages: "number", dispatches: "number", claimed: "number", instances: "number", uncertain: "number" },
    what: "A batch of the queue became Workflow instances; `claimed` had been taken before.",
  },
  "claimed.unknown": {
    levels: ["warn"],
    fields: { dispatches: "number", error: "string" },
    what: "It could not be asked which of the repeated messages are claimed: their claims find it out.",
  },
  "message.malformed": {
    levels: ["error"],
    fields: { messageId: "string", issue: "json" },
    what: "A queue message could not be read, and was dropped.",
  },
  "instances.refused": {
    levels: ["warn"],
    fields: { code: "number", error: "string" },
    what: "The engine refused some instances of a batch: their messages come again.",
  },
  "instances.create_failed": {
    levels: ["warn"],
    fields: { instances: "number", error: "string" },
    what: "The engine refused a batch of instances: its halves are tried, or its messages come again.",
  },
  "workflow.no_binding": {
    levels: ["error"],
    fields: { workflow: "string" },
    what: "The executor has no such Workflow binding: what needs it waits.",
  },
  "dispatch.attempted": {
    levels: ["info", "warn"],
    fields: { instanceId: "string", dispatches: "json", causes: "json?" },
    what: "Attempts of a group ended, `warn` if one did not succeed; `causes` names what the executor lacks.",
  },
  "dispatch.lost": {
    levels: ["error"],
    fields: { dispatchId: "string", destination: "string", instanceId: "string" },
    what: "A dispatch was given up as lost.",
  },
  "round.failed": {
    levels: ["warn"],
    fields: { instanceId: "string", round: "number", error: "string" },
    what: "A further round in one step could not begin: the engine tries again.",
  },
  "execution.record_failed": {
    levels: ["warn"],
    fields: { instanceId: "string", records: "number", error: "string" },
    what: "Results could not be recorded: they are kept, and recorded again.",
  },
  "sleep.refused": {
    levels: ["debug"],
    fields: { error: "string" },
    what: "The engine refused to sleep until a time that has passed.",
  },
  "instance.spent": {
    levels: ["warn"],
    fields: { instanceId: "string", attempts: "number", calls: "number?", error: "string" },
    what: "An instance has used up its attempts or its calls, and hands its dispatches over.",
  },
  "instance.handed_over": {
    levels: ["info", "warn"],
    fields: { instanceId: "string", dispatches: "number", cause: "string?", limit: "number?", platform: "string?" },
    what: "An instance's dispatches went to the next generation; with a `cause`, to instances of fewer: the platform `refused` a call (in its words: `platform`), calls were `slow`, or an executor `died`.",
  },
  "leave.failed": {
    levels: ["warn"],
    fields: { instanceId: "string", dispatches: "number", error: "string" },
    what: "Dispatches that were not called could not be handed over: their instance claims them again.",
  },
  "limit.not_noted": {
    levels: ["warn"],
    fields: { destination: "string", limit: "number", error: "string" },
    what: "Operators are not told how large groups of a destination may be; the executor knows it.",
  },
  "instance.gave_up": {
    levels: ["error"],
    fields: { instanceId: "string", error: "string" },
    what: "An instance ended early: reconciling takes up what it left.",
  },
  "instance.ask_failed": {
    levels: ["warn"],
    fields: { instanceId: "string", error: "string" },
    what: "The engine did not say how an instance is.",
  },
  "instance.nudge_failed": {
    levels: ["warn"],
    fields: { instanceId: "string", error: "string" },
    what: "An instance could not be woken.",
  },
  "instance.terminate_failed": {
    levels: ["warn"],
    fields: { instanceId: "string", error: "string" },
    what: "An instance that makes no progress could not be ended.",
  },
  "instance.paused": {
    levels: ["warn"],
    fields: { instanceId: "string", dispatches: "number" },
    what: "An instance with overdue dispatches is paused, which is an operator's doing.",
  },
  "instance.replaced": {
    levels: ["warn"],
    fields: { instanceId: "string", dispatches: "number" },
    what: "An instance is dead or stuck, and its dispatches went to the next generation.",
  },
  reconciled: {
    levels: ["info"],
    fields: {
      requeued: "number",
      nudged: "number",
      waiting: "number",
      missing: "number",
      paused: "number",
      replaced: "number",
      lost: "number",
      tripped: "number",
      closed: "number",
      probed: "number",
      drained: "number",
      started: "number",
      pruned: "json",
    },
    what: "A run of reconciling did something: how many of each.",
  },
  "reconcile.part_failed": {
    levels: ["error"],
    fields: { part: "string", error: "string" },
    what: "A part of reconciling failed; the others had their turn.",
  },
  "reconcile.failed": {
    levels: ["warn"],
    fields: { instanceId: "string?", error: "string" },
    what: "What was decided of one instance could not be written: a later run does it.",
  },
  "destination.paused": {
    levels: ["warn"],
    fields: { destination: "string", by: "string" },
    what: "A breaker paused a destination.",
  },
  "destination.resumed": {
    levels: ["info"],
    fields: { destination: "string", by: "string" },
    what: "A breaker resumed a destination.",
  },
  "console.failed": {
    levels: ["error"],
    fields: { path: "string", error: "string" },
    what: "A page of the console could not be shown.",
  },
  "console.refused": {
    levels: ["warn"],
    fields: { reason: "string", cause: "string" },
    what: "Somebody's sign-in was refused, or could not be checked.",
  },
} as const satisfies Readonly<Record<string, LogEventEntry>>;

/** The name of a line. */
export type LogEvent = keyof typeof LOG_EVENTS;

/** The levels that a line may have. */
export type LogLevel<Name extends LogEvent> = (typeof LOG_EVENTS)[Name]["levels"][number];

interface FieldTypes {
  number: number;
  string: string;
  json: unknown;
  "number?": number | undefined;
  "string?": string | undefined;
  "json?": unknown;
}

type Declared<Name extends LogEvent> = (typeof LOG_EVENTS)[Name]["fields"];

/** The fields of a line. */
export type LogFields<Name extends LogEvent> = {
  readonly [F in keyof Declared<Name> as Declared<Name>[F] extends `${string}?`
    ? never
    : F]: FieldTypes[Declared<Name>[F] & FieldKind];
} & {
  readonly [F in keyof Declared<Name> as Declared<Name>[F] extends `${string}?`
    ? F
    : never]?: FieldTypes[Declared<Name>[F] & FieldKind];
};
