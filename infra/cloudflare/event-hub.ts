import { Queue } from "@pulumi/cloudflare/queue.js";
import { QueueConsumer } from "@pulumi/cloudflare/queueConsumer.js";
import { WorkersCronTrigger } from "@pulumi/cloudflare/workersCronTrigger.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  log,
  type Output,
  output,
  RunError,
  runtime,
  secret,
} from "@pulumi/pulumi";
import type { RouteConfigInput } from "../../schema/config/routes.ts";
import { isConnectionString } from "../../schema/database/connection-string.ts";
import type { Events } from "../../schema/events/index.ts";
import { printable } from "../../schema/text/printable.ts";
import { DEFAULT_SCHEDULES } from "../../schema/vocabulary/defaults.ts";
import { QUEUE_CONSUMER } from "../../schema/vocabulary/deployment.ts";
import type { Destinations, EventHubArgs } from "./arguments.ts";
import { executorBindings, HUB_EXPORTS, hubBindings } from "./bindings.ts";
import { checkArguments } from "./check-arguments.ts";
import { DATABASE_URL_RULE } from "./check-settings.ts";
import { deployConsole } from "./console.ts";
import { deployWorker } from "./deploy-worker.ts";
import { deployMetrics } from "./metrics.ts";
import { defaultName, nameFor, nameOfQueue, namesOf } from "./names.ts";
import { otlpBindings } from "./otlp-bindings.ts";
import { readScript } from "./read-script.ts";
import { EventHubRefused } from "./refused.ts";
import { previewRoutes } from "./route-preview.ts";
import { makeWorkflows } from "./workflows.ts";

export type {
  ConsoleArgs,
  DestinationArgs,
  Destinations,
  EventHubArgs,
  MetricsArgs,
  OtlpArgs,
  ProducerTarget,
  PushArgs,
  RoutePreview,
  WorkflowSettings,
} from "./arguments.ts";
export { EventHubRefused } from "./refused.ts";
export { DEFAULT_SCHEDULES };

const CONSUMER_SETTINGS = {
  batchSize: QUEUE_CONSUMER.batchSize,
  maxWaitTimeMs: QUEUE_CONSUMER.waitSeconds * 1_000,
  maxRetries: QUEUE_CONSUMER.retries,
};

/**
 * An event hub in a Cloudflare account: the queue and its consumer, the hub with its alarm, the executor, their cron triggers, its Workflows, and all
 * their bindings. Everything that can be wrong with the arguments is found before anything is deployed.
 *
 * @example
 * ```ts
 * import { EventHub } from "cf-eventhub-workflows/infra";
 * const eventHub = new EventHub("eventhub", {
 *   accountId,
 *   databaseUrl,
 *   destinations: { ORDERS: { kind: "worker", service: "orders", workflow: { concurrency: 10 } } },
 *   routes: [{ condition: { path: "$.kind", prefix: "order." }, destination: "ORDERS" }],
 * });
 * export const producersBind = eventHub.producer.service;
 * ```
 * @throws EventHubRefused with every fault and its place.
 */
export class EventHub<
  Declared extends Destinations = Destinations,
  Defined extends Events = Events,
> extends ComponentResource {
  /** The hub's Worker, once it is deployed. Producers bind it. */
  readonly producer: { readonly service: Output<string> };
  /** Name of the executor's Worker, once it is deployed. */
  readonly executor: Output<string>;
  /** Name of the queue between the two. */
  readonly queue: Output<string>;
  /** Names of the Workflows, by the executor's bindings. */
  readonly workflows: Readonly<Record<string, Output<string>>>;
  /** The console's address; `undefined` if there is none. */
  readonly console: Output<string> | undefined;
  /** The address of the metrics Worker, before `/metrics` and `/health`; `undefined` if there is none. */
  readonly metrics: Output<string> | undefined;
  /** The route configuration as the Workers have it. If a stack exports it, the next deployment can compare with it. */
  readonly configuration: RouteConfigInput;

  constructor(resource: string, args: EventHubArgs<Declared, Defined>, options?: ComponentResourceOptions) {
    super("cf-eventhub:infra:EventHub", resource, {}, options);
    const { accountId, databaseEndpoint, tags = [] } = args;
    const hubDeployed = Promise.withResolvers<Output<string>>();
    const destinations: Destinations =
      typeof args.destinations === "function"
        ? args.destinations({ service: output(hubDeployed.promise) })
        : args.destinations;

    const { configuration, faults, warnings, unused } = checkArguments(args, destinations);
    if (faults.length > 0) throw new EventHubRefused(resource, faults);
    for (const destination of unused)
      void log.warn(printable(`destinations.${destination}: no enabled route names it`), this);
    for (const { path, message } of warnings) void log.warn(printable(`${path}: ${message}`), this);
    const databaseUrl = secret(args.databaseUrl).apply(checkDatabaseUrl);
    if (args.routePreview !== undefined && runtime.isDryRun()) {
      previewRoutes(args.routePreview, { configuration, databaseUrl, databaseEndpoint, resource: this });
    }

    const queueName = namesOf(args.name ?? defaultName(resource)).queue;
    // Without a name in the program, existing names stay, even if the rule for names would now give others. Another name would be another Worker,
    // without the producers' bindings, and another Workflow, without its instances. All other names follow from that of the queue, which is created
    // first.
    const keepsName = args.name === undefined ? { ignoreChanges: ["queueName"] } : {};
    const queue = new Queue(`${resource}-dispatches`, { accountId, queueName }, { parent: this, ...keepsName });
    const name = args.name ?? queue.queueName.apply(nameOfQueue);
    const { reconcileGraceSeconds } = args;
    const sources = { databaseUrl, databaseEndpoint, queueName: queue.queueName, reconcileGraceSeconds };
    const hub = deployWorker(`${resource}-hub`, {
      accountId,
      name: nameFor(name, "hub"),
      modules: readScript("hub", configuration),
      bindings: [...hubBindings(sources), ...otlpBindings(args.otlp, "hub")],
      exports: HUB_EXPORTS,
      tags,
      parent: this,
    });
    hubDeployed.resolve(hub.service);
    const executor = deployWorker(`${resource}-executor`, {
      accountId,
      name: nameFor(name, "executor"),
      modules: readScript("executor", configuration),
      bindings: [
        ...executorBindings({ ...sources, name, hub: hub.service }, destinations),
        ...otlpBindings(args.otlp, "executor"),
      ],
      tags,
      parent: this,
    });

    const workflows = makeWorkflows(resource, {
      accountId,
      name,
      shared: args.workflow ?? {},
      destinations,
      executor,
      parent: this,
    });
    // The Workflows come first: what starts the executor's work needs them.
    const after = { parent: this, dependsOn: [executor.deployment, ...Object.values(workflows)] };
    const scriptName = executor.worker.name;
    new QueueConsumer(
      `${resource}-dispatches`,
      { accountId, queueId: queue.queueId, type: "worker", scriptName, settings: CONSUMER_SETTINGS },
      after,
    );
    const schedules = (args.schedules ?? DEFAULT_SCHEDULES).map((cron) => ({ cron }));
    new WorkersCronTrigger(`${resource}-executor`, { accountId, scriptName, schedules }, after);
    new WorkersCronTrigger(
      `${resource}-hub`,
      { accountId, scriptName: hub.worker.name, schedules },
      { parent: this, dependsOn: [hub.deployment] },
    );

    this.console =
      args.console === undefined
        ? undefined
        : deployConsole(`${resource}-console`, {
            ...args.console,
            accountId,
            name: nameFor(name, "console"),
            hub: hub.service,
            tags,
            parent: this,
          });
    this.metrics =
      args.metrics === undefined
        ? undefined
        : deployMetrics(`${resource}-metrics`, {
            ...args.metrics,
            ...sources,
            accountId,
            name: nameFor(name, "metrics"),
            tags,
            parent: this,
          });
    this.producer = { service: hub.service };
    this.executor = executor.service;
    this.queue = queue.queueName;
    this.workflows = Object.fromEntries(
      Object.entries(workflows).map(([binding, { workflowName }]) => [binding, workflowName]),
    );
    this.configuration = configuration;
    this.registerOutputs({
      producer: this.producer,
      executor: this.executor,
      queue: this.queue,
      workflows: this.workflows,
      console: this.console,
      metrics: this.metrics,
    });
  }
}

function checkDatabaseUrl(url: string): string {
  if (isConnectionString(url)) return url;
  throw new RunError(`databaseUrl: ${DATABASE_URL_RULE}`);
}
