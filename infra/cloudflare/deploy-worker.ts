import type { types } from "@pulumi/cloudflare";
import { Worker } from "@pulumi/cloudflare/worker.js";
import { WorkersDeployment } from "@pulumi/cloudflare/workersDeployment.js";
import { WorkerVersion, type WorkerVersionArgs } from "@pulumi/cloudflare/workerVersion.js";
import type { Input, Output, Resource } from "@pulumi/pulumi";
import { COMPATIBILITY_DATE } from "../../schema/vocabulary/deployment.ts";
import { MAIN_MODULE, type ScriptModule } from "./read-script.ts";

/** A binding of a Worker's version. */
export type Binding = types.input.WorkerVersionBinding;

/** How to deploy a Worker. */
export interface WorkerOptions {
  accountId: Input<string>;
  /** Its name in the account. */
  name: Input<string>;
  /** An existing Worker keeps the name with which it was created; default false. */
  keepsName?: boolean;
  modules: ScriptModule[];
  /** Its bindings, or a function that makes them from the Worker, for those that need its address. */
  bindings: Binding[] | ((worker: Worker) => Binding[]);
  tags: readonly string[];
  /** The classes with storage in its script. */
  exports?: WorkerVersionArgs["exports"];
  /** Answers at <name>.<subdomain>.workers.dev; default false. */
  public?: boolean;
  parent?: Resource;
}

/** A Worker whose newest version has all the traffic. */
export interface DeployedWorker {
  worker: Worker;
  version: WorkerVersion;
  deployment: WorkersDeployment;
  /** Its name, known once it is deployed: what depends on this binds an existing Worker. */
  service: Output<string>;
}

/** Deploys a Worker: the Worker itself, a version (a new one whenever script, bindings or configuration change), and that version's turn. */
export function deployWorker(resource: string, options: WorkerOptions): DeployedWorker {
  const { accountId, name, modules } = options;
  const placed = options.parent === undefined ? {} : { parent: options.parent };
  const worker = new Worker(
    resource,
    {
      accountId,
      name,
      observability: { enabled: true },
      subdomain: { enabled: options.public ?? false },
      tags: [...options.tags],
    },
    { ...placed, ...(options.keepsName === true ? { ignoreChanges: ["name"] } : {}) },
  );
  const bindings = typeof options.bindings === "function" ? options.bindings(worker) : options.bindings;
  const version = new WorkerVersion(
    resource,
    {
      accountId,
      workerId: worker.id,
      compatibilityDate: COMPATIBILITY_DATE,
      mainModule: MAIN_MODULE,
      modules,
      ...(options.exports === undefined ? {} : { exports: options.exports }),
      // The API gives them back by name; in another order every preview would show a change.
      bindings: bindings.toSorted((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
    },
    { ...placed, additionalSecretOutputs: ["bindings"] },
  );
  const deployment = new WorkersDeployment(
    resource,
    {
      accountId,
      scriptName: worker.name,
      strategy: "percentage",
      versions: [{ percentage: 100, versionId: version.id }],
    },
    placed,
  );
  return { worker, version, deployment, service: deployment.scriptName };
}
