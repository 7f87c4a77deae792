import type { Worker } from "@pulumi/cloudflare/worker.js";
import { WorkersCustomDomain } from "@pulumi/cloudflare/workersCustomDomain.js";
import { type Input, interpolate, type Output, type Resource } from "@pulumi/pulumi";
import type { DeployedWorker } from "./deploy-worker.ts";

/** The address of a Worker. */
export interface AddressOptions {
  accountId: Input<string>;
  /** A host name in a zone of the account; default: the Worker answers at workers.dev. */
  domain?: string;
  parent: Resource;
  /** Resources that must exist before the address. */
  after?: readonly Resource[];
}

/** The host at which a public Worker answers. */
export const hostOf = ({ subdomain }: Worker): Output<string> =>
  subdomain.apply(({ url }) => url.replace(/^https?:\/\//, "").replace(/\/.*$/, ""));

/** Gives a Worker its domain, if it should have one. Returns its address. */
export function addressOf(
  resource: string,
  { worker, deployment }: DeployedWorker,
  options: AddressOptions,
): Output<string> {
  const { accountId, domain, parent, after = [] } = options;
  if (domain === undefined) return interpolate`https://${hostOf(worker)}`;
  const { hostname } = new WorkersCustomDomain(
    resource,
    { accountId, hostname: domain, service: worker.name },
    { parent, dependsOn: [deployment, ...after] },
  );
  return interpolate`https://${hostname}`;
}
