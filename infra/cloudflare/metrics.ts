import { WorkersCronTrigger } from "@pulumi/cloudflare/workersCronTrigger.js";
import { type Input, type Output, type Resource, secret } from "@pulumi/pulumi";
import { DEFAULT_PUSH_SCHEDULES } from "../../schema/vocabulary/defaults.ts";
import { addressOf } from "./address.ts";
import { type DatabaseSources, databaseBindings, plainText } from "./bindings.ts";
import { type Binding, deployWorker } from "./deploy-worker.ts";
import type { MetricsArgs } from "./metrics-arguments.ts";
import { collectorBindings } from "./otlp-bindings.ts";
import { readScript } from "./read-script.ts";

/** The options for deploying the metrics Worker. */
export interface MetricsOptions extends MetricsArgs, DatabaseSources {
  accountId: Input<string>;
  /** Its name in the account. */
  name: Input<string>;
  tags: readonly string[];
  parent: Resource;
}

/** Deploys the metrics Worker. Returns its address. */
export function deployMetrics(resource: string, options: MetricsOptions): Output<string> {
  const { accountId, name, domain, push, tags, parent } = options;
  const deployed = deployWorker(resource, {
    accountId,
    name,
    modules: readScript("metrics"),
    bindings: metricsBindings(options),
    tags,
    public: domain === undefined,
    parent,
  });
  if (push !== undefined) {
    const schedules = (push.schedules ?? DEFAULT_PUSH_SCHEDULES).map((cron) => ({ cron }));
    const scriptName = deployed.worker.name;
    new WorkersCronTrigger(
      resource,
      { accountId, scriptName, schedules },
      { parent, dependsOn: [deployed.deployment] },
    );
  }
  return addressOf(resource, deployed, options);
}

/** Its bindings: those of `MetricsEnv`. */
function metricsBindings({ token, access, push, ...sources }: MetricsOptions): Binding[] {
  return [
    ...databaseBindings(sources),
    { type: "secret_text", name: "METRICS_TOKEN", text: secret(token) },
    ...(access === undefined
      ? []
      : [plainText("ACCESS_TEAM", access.team), plainText("ACCESS_AUDIENCE", access.audience)]),
    ...(push === undefined ? [] : collectorBindings(push)),
  ];
}
