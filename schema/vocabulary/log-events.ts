/**
 * Every line that the Workers log: its name, its levels, its fields, when it is written, and what to do about it. A Worker contains only its types.
 */

/** The type of a field's value: `?` if it may be left out, `json` for a structured value without ids. */
type ValueKind = "number" | "string" | "json" | "number?" | "string?" | "json?";

/** The type of a field: a value, or the fields of each entry of a list. */
type FieldKind = ValueKind | readonly [Readonly<Record<string, ValueKind>>];

interface LogEventEntry {
  readonly levels: readonly ("debug" | "info" | "warn" | "error")[];
  readonly fields: Readonly<Record<string, FieldKind>>;
  readonly what: string;
  /** What a person should do about it. Every line that warns of something has this. */
  readonly todo?: string;
}

/** The first events of a call, or of what was routed together. */
const EVENT_IDS = [{ eventId: "string", traceId: "string?" }] as const;

const refusedEmit = {
  levels: ["error"],
  fields: { error: "string", events: "number", ids: EVENT_IDS },
  what: "The database refused a call of `emit`. The name ends with the code that the caller got.",
  todo: "Follow `error`: correct the producer's payload, or what the database lacks. `unavailable` is temporary, and the producer repeats its call.",
} as const satisfies LogEventEntry;

/** By name. */
export const LOG_EVENTS = {
  "event.emitted": {
    levels: ["info"],
    fields: { events: "number", duplicates: "number", dispatches: "number", ids: EVENT_IDS },
    what: "A call of `emit` was committed. `ids` are those of the events that it stored, and no duplicates.",
  },
  "emit.invalid_payload": refusedEmit,
  "emit.too_large": refusedEmit,
  "emit.misconfigured": refusedEmit,
  "emit.unavailable": refusedEmit,
  "trace.ignored": {
    levels: ["warn"],
    fields: { faults: "json" },
    what: "Options of `emit` were not a W3C trace context: which, and what they must be. The events are stored without it.",
    todo: "Correct the caller of `emit`: `faults` names the option and its required form.",
  },
  "trace.spans_dropped": {
    levels: ["warn"],
    fields: { spans: "number", error: "string" },
    what: "The collector did not accept spans: how many are lost, and why. Deliveries go on.",
    todo: "If it continues, check the collector: `error` says why. `OTLP_SAMPLE_RATE` reduces the number of spans.",
  },
  "trace.misconfigured": {
    levels: ["error"],
    fields: { error: "string" },
    what: "A setting for the traces' collector is faulty, so no spans are made. Logged once per isolate.",
    todo: "Correct the variable or the secret that `error` names, and deploy.",
  },
  "events.invalid": {
    levels: ["warn"],
    fields: { events: "number", refused: "number", ids: EVENT_IDS },
    what: "Events were stored that do not match the definitions of their kinds. `refused` ones were emitted in SQL, and make no dispatches.",
    todo: "Correct the producer or the definition. `ops events --invalid` lists the events with their faults.",
  },
  "events.routed": {
    levels: ["info"],
    fields: { events: "number" },
    what: "A call of `emit` also routed events that were emitted in SQL.",
  },
  "events.route_failed": {
    levels: ["warn"],
    fields: { error: "string" },
    what: "Events that were emitted in SQL could not be routed. The hub's next tick or the next call tries again.",
    todo: "If it continues, check the database: `error` says why.",
  },
  "hub.ticked": {
    levels: ["info"],
    fields: { routed: "number", operations: "number" },
    what: "A tick of the hub (by its alarm or its cron) routed events or continued bulk work.",
  },
  "alarm.unreachable": {
    levels: ["warn"],
    fields: { call: "string", error: "string" },
    what: "The hub's alarm (its Durable Object) did not answer a call. `arm`: no look is armed for what was just committed; the next event arms one, otherwise the backstop's cron finds it. `looked` or `done`: a look comes again, or later than needed.",
    todo: "If it continues, check the binding `EVENTHUB_ALARM` and the state of Durable Objects.",
  },
  "alarm.unanswered": {
    levels: ["warn"],
    fields: { looks: "number" },
    what: "The executor has not answered the last `looks` looks that the hub's alarm asked for. It is asked again, each time later, at most an hour later.",
    todo: "If it continues, check that the executor consumes the hub's queue. `look.failed` says why a look failed.",
  },
  "alarm.refused": {
    levels: ["warn"],
    fields: { error: "string" },
    what: "The queue refused the message with which the hub's alarm asks for a look. It is sent again a minute later.",
    todo: "If it continues, check the account's limits of Queues and the binding `EVENTHUB_QUEUE`.",
  },
  "alarm.tick_failed": {
    levels: ["error"],
    fields: { error: "string" },
    what: "The hub's alarm rang, but routing what was emitted in SQL, or continuing bulk work, failed. The next look tries again.",
    todo: "If it continues, follow `error`.",
  },
  "look.failed": {
    levels: ["error"],
    fields: { error: "string" },
    what: "A look (a run of reconciling) that the hub's alarm had asked for failed. The alarm asks again.",
    todo: "If it continues, follow `error`.",
  },
  "flow.not_started": {
    levels: ["warn"],
    fields: { destination: "string", error: "string" },
    what: "The Workflow of a destination with limits or an order could not be started. The message comes again, or reconciling finds the dispatch.",
    todo: "If it continues, check the account's limits of Workflows and the destination's Workflow binding.",
  },
  "flow.released": {
    levels: ["info"],
    fields: { destination: "string", dispatches: "number" },
    what: "Held orders go on, because the destination's configuration now skips what fails for good.",
  },
  "enqueue.failed": {
    levels: ["warn"],
    fields: { dispatches: "number", error: "string" },
    what: "The queue refused a message. Reconciling finds its dispatches in Postgres.",
    todo: "If it continues, check the account's limits of Queues and the binding `EVENTHUB_QUEUE`.",
  },
  "setup.faulty": {
    levels: ["error"],
    fields: { fault: "string", since: "string", error: "string" },
    what: "One part of the deployment noticed that another does nothing: what is missing, and since when.",
    todo: "Follow `error`: deploy the alarm or the cron, or the consumer of the queue.",
  },
  "setup.unknown": {
    levels: ["warn"],
    fields: { error: "string" },
    what: "The heartbeat could not be written, or those of the other parts of the deployment could not be read.",
    todo: "If it continues, check the role's rights on the table `heartbeats`.",
  },
  misconfigured: {
    levels: ["error"],
    fields: { error: "string" },
    what: "A binding or a setting of the Worker is missing or wrong. Nothing works until it is corrected.",
    todo: "Follow `error`. [Settings](README.md#settings) lists every binding and variable.",
  },
  "configuration.refused": {
    levels: ["error"],
    fields: { error: "string" },
    what: "The route configuration is faulty: every fault with its place.",
    todo: "Correct the file, and deploy. `routes check` reports the same faults with line and column.",
  },
  "configuration.no_routes": {
    levels: ["warn"],
    fields: {},
    what: "The route configuration has no route: events are stored, but go nowhere. Logged once per isolate.",
    todo: "Add a route. `ops --routing routing.json replay --no-matched --as current` routes the earlier events.",
  },
  "variable.refused": {
    levels: ["error"],
    fields: { variable: "string", error: "string", used: "number" },
    what: "A variable is faulty, so its default is used. Logged once per isolate.",
    todo: "Correct the variable, and deploy.",
  },
  "operator.acted": { levels: ["info"], fields: { method: "string" }, what: "An operator's call changed something." },
  "operator.refused": {
    levels: ["warn"],
    fields: { method: "string", error: "string" },
    what: "An operator's call was refused.",
    todo: "Nothing: the caller got the reason.",
  },
  "operation.failed": {
    levels: ["warn"],
    fields: { operationId: "string", action: "string", error: "string" },
    what: "Unfinished bulk work could not be continued. The hub's next tick tries again.",
    todo: "If it continues, follow `error`. `ops operation` shows its progress.",
  },
  "batch.consumed": {
    levels: ["info"],
    fields: { messages: "number", dispatches: "number", claimed: "number", instances: "number", uncertain: "number" },
    what: "A batch of the queue became Workflow instances; `claimed` counts dispatches that an instance had already claimed.",
  },
  "claimed.unknown": {
    levels: ["warn"],
    fields: { dispatches: "number", error: "string" },
    what: "The database did not say which dispatches of repeated messages are claimed already. Their instances find out when they claim.",
    todo: "If it continues, check the database: `error` says why.",
  },
  "message.malformed": {
    levels: ["error"],
    fields: { messageId: "string", issue: "json" },
    what: "A queue message could not be read, and was dropped.",
    todo: "Only the hub may send to its queue: find out what else does. Reconciling finds dispatches that were in the message.",
  },
  "instances.refused": {
    levels: ["warn"],
    fields: { code: "number", error: "string" },
    what: "The engine refused some instances of a batch. Their messages come again.",
    todo: "If it continues, check the account's limits of Workflows.",
  },
  "instances.create_failed": {
    levels: ["warn"],
    fields: { instances: "number", error: "string" },
    what: "The engine refused a batch of instances. Its halves are tried, or its messages come again.",
    todo: "If it continues, check the account's limits of Workflows.",
  },
  "workflow.no_binding": {
    levels: ["error"],
    fields: { workflow: "string" },
    what: "The executor does not have this Workflow binding. Dispatches that need it wait.",
    todo: "Add the binding to the executor, and deploy.",
  },
  "dispatch.attempted": {
    levels: ["info", "warn"],
    fields: {
      instanceId: "string",
      dispatches: [
        {
          dispatchId: "string",
          eventId: "string",
          traceId: "string?",
          attempt: "number",
          result: "string",
          status: "string",
          platform: "string?",
        },
      ],
      more: "number?",
      causes: "json?",
    },
    what: "Attempts of a group ended; `warn` if one did not succeed. Those that did not come first in `dispatches`, and `more` counts those that are not listed. `causes` names what the executor lacks, `platform` has the platform's words if it refused a call.",
    todo: "`ops problems` has the reasons. Add what `causes` names to the executor.",
  },
  "dispatch.lost": {
    levels: ["error"],
    fields: {
      dispatchId: "string",
      eventId: "string",
      traceId: "string?",
      destination: "string",
      instanceId: "string",
    },
    what: "A dispatch was given up as lost.",
    todo: "See [Dispatches are lost](incidents.md#dispatches-are-lost). Correct the cause, then retry the dispatch.",
  },
  "round.failed": {
    levels: ["warn"],
    fields: { instanceId: "string", round: "number", error: "string" },
    what: "Another round in the same step could not begin. The engine tries again.",
    todo: "If it continues, check the database: `error` says why.",
  },
  "execution.record_failed": {
    levels: ["warn"],
    fields: { instanceId: "string", records: "number", error: "string" },
    what: "Results could not be recorded. They are kept, and recording is tried again.",
    todo: "If it continues, check the database: `error` says why. Consumers that have answered are not called again.",
  },
  "sleep.refused": {
    levels: ["debug"],
    fields: { error: "string" },
    what: "The engine refused to sleep until a time that has passed.",
  },
  "instance.spent": {
    levels: ["warn"],
    fields: { instanceId: "string", attempts: "number", calls: "number?", error: "string" },
    what: "An instance has used up its attempts or its calls, and hands over its dispatches.",
    todo: "Nothing. If it is frequent, a destination has been failing for long: pause it, or configure a breaker.",
  },
  "instance.handed_over": {
    levels: ["info", "warn"],
    fields: { instanceId: "string", dispatches: "number", cause: "string?", limit: "number?", platform: "string?" },
    what: "An instance's dispatches went to the next generation. With a `cause` they went to smaller instances: the platform `refused` a call (`platform` has its words), calls were `slow`, or an executor `died`.",
    todo: "Nothing. If it is frequent, set a smaller `groupSize` for the destination.",
  },
  "leave.failed": {
    levels: ["warn"],
    fields: { instanceId: "string", dispatches: "number", error: "string" },
    what: "Dispatches that were not called could not be handed over. Their instance claims them again.",
    todo: "If it continues, check the database: `error` says why.",
  },
  "limit.not_noted": {
    levels: ["warn"],
    fields: { destination: "string", limit: "number", error: "string" },
    what: "The learned group size of a destination could not be stored for operators. The executor uses it all the same.",
    todo: "If it continues, check the database: `error` says why.",
  },
  "instance.gave_up": {
    levels: ["error"],
    fields: { instanceId: "string", error: "string" },
    what: "An instance ended early. Reconciling takes over its dispatches.",
    todo: "Report this line as a bug: an instance should not end like this.",
  },
  "instance.ask_failed": {
    levels: ["warn"],
    fields: { instanceId: "string", error: "string" },
    what: "The engine did not report the state of an instance.",
    todo: "If it continues, check the state of Cloudflare Workflows.",
  },
  "instance.nudge_failed": {
    levels: ["warn"],
    fields: { instanceId: "string", error: "string" },
    what: "An instance could not be woken.",
    todo: "If it continues, check the state of Cloudflare Workflows.",
  },
  "instance.terminate_failed": {
    levels: ["warn"],
    fields: { instanceId: "string", error: "string" },
    what: "An instance that makes no progress could not be terminated.",
    todo: "If it continues, check the state of Cloudflare Workflows.",
  },
  "instance.paused": {
    levels: ["warn"],
    fields: { instanceId: "string", dispatches: "number" },
    what: "An instance with overdue dispatches is paused. Only an operator can have paused it.",
    todo: "Resume it in the dashboard, or with `wrangler workflows instances resume`.",
  },
  "instance.replaced": {
    levels: ["warn"],
    fields: { instanceId: "string", dispatches: "number" },
    what: "An instance is dead or stuck. Its dispatches went to the next generation.",
    todo: "Nothing. If it is frequent, set a smaller `groupSize` for the destination.",
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
    what: "A run of reconciling did something: how much of each.",
  },
  "reconcile.part_failed": {
    levels: ["error"],
    fields: { part: "string", error: "string" },
    what: "A part of reconciling failed. The other parts ran.",
    todo: "Follow `error`. The next run tries again.",
  },
  "reconcile.failed": {
    levels: ["warn"],
    fields: { instanceId: "string?", error: "string" },
    what: "A decision about one instance could not be written. A later run repeats it.",
    todo: "If it continues, check the database: `error` says why.",
  },
  "destination.paused": {
    levels: ["warn"],
    fields: { destination: "string", by: "string" },
    what: "A breaker paused a destination.",
    todo: "Correct the consumer. The breaker resumes the destination once a probe is delivered.",
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
    todo: "Follow `error`.",
  },
  "console.refused": {
    levels: ["warn"],
    fields: { reason: "string", cause: "string" },
    what: "The console refused somebody's sign-in, or could not check it.",
    todo: "Follow `cause`: check the Access application's audience and team, or who is let in.",
  },
  "metrics.failed": {
    levels: ["error"],
    fields: { path: "string", error: "string" },
    what: "The metrics (`/metrics`, or `push` where they are pushed) or the hub's health (`/health`) could not be read.",
    todo: "Follow `error`.",
  },
  "metrics.misconfigured": {
    levels: ["error"],
    fields: { error: "string" },
    what: "A setting of the metrics' collector is faulty: nothing is pushed.",
    todo: "Correct the variable or the secret that `error` names, and deploy.",
  },
  "metrics.push_failed": {
    levels: ["warn"],
    fields: { points: "number", error: "string" },
    what: "The collector did not take metrics: how many values, and why. The next push has the counters of now, so that they lose nothing.",
    todo: "If it goes on: what `error` says of the collector; `answered 401` is its `OTLP_HEADERS`, `answered 404` its `OTLP_ENDPOINT`.",
  },
  "metrics.refused": {
    levels: ["warn"],
    fields: { reason: "string", cause: "string" },
    what: "The metrics Worker refused a token of Cloudflare Access, or could not check it.",
    todo: "Follow `cause`: check the Access application's audience and team, or whose token it is.",
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

/** The names of fields that may be left out. */
type Optional<Fields> = { [F in keyof Fields]: Fields[F] extends `${string}?` ? F : never }[keyof Fields];

type ValueOf<Kind> = Kind extends ValueKind
  ? FieldTypes[Kind]
  : Kind extends readonly [infer Entry]
    ? readonly Values<Entry>[]
    : never;

type Values<Fields> = { readonly [F in Exclude<keyof Fields, Optional<Fields>>]: ValueOf<Fields[F]> } & {
  readonly [F in Optional<Fields>]?: ValueOf<Fields[F]>;
};

/** The fields of a line. */
export type LogFields<Name extends LogEvent> = Values<(typeof LOG_EVENTS)[Name]["fields"]>;
