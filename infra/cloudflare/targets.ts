import { type Input, RunError, secret } from "@pulumi/pulumi";
import { destinationNameFault } from "../../schema/config/destinations/index.ts";
import { isWebhookSecret, WEBHOOK_SECRET_RULE } from "../../schema/config/destinations/webhook-secret.ts";
import { webhookUrlFault } from "../../schema/config/destinations/webhook-url.ts";
import { at, type Faults, isRecord, type Place, show } from "../../schema/config/faults.ts";
import type { DestinationArgs, Targets } from "./arguments.ts";
import type { Binding } from "./bindings.ts";

/** The part of a destination that becomes the executor's bindings; of the rest its route configuration is made. */
const TARGET_KEYS: {
  readonly [K in keyof Targets]: { readonly [Key in keyof Required<Targets[K]>]: "name" | "name, if any" | "secrets" };
} = {
  worker: { service: "name", entrypoint: "name, if any" },
  r2: { bucket: "name" },
  queue: { queue: "name" },
  workflow: { workflowName: "name", className: "name", scriptName: "name" },
  hub: { service: "name" },
  webhook: { secrets: "secrets" },
};

/** The executor's bindings for a destination: the one of its name, or what else it needs. */
export function bindingsOf(name: string, destination: DestinationArgs): Binding[] {
  switch (destination.kind) {
    case "worker": {
      const { service, entrypoint } = destination;
      return [{ type: "service", name, service, ...(entrypoint === undefined ? {} : { entrypoint }) }];
    }
    case "hub":
      return [{ type: "service", name, service: destination.service }];
    case "r2":
      return [{ type: "r2_bucket", name, bucketName: destination.bucket }];
    case "queue":
      return [{ type: "queue", name, queueName: destination.queue }];
    case "workflow": {
      const { workflowName, className, scriptName } = destination;
      return [{ type: "workflow", name, workflowName, className, scriptName }];
    }
    case "webhook":
      return Object.entries(destination.secrets).map(([name, text]) => ({
        type: "secret_text",
        name,
        text: secret(text).apply((value) => checkedSecret(name, value)),
      }));
  }
}

/** Parts a destination into what the route configuration holds and what only its binding needs, adding what is wrong there. */
export function splitDestination(destination: object, place: Place, faults: Faults): Record<string, unknown> {
  const { workflow: _, ...settings } = destination as Record<string, unknown>;
  const kind = Object.hasOwn(TARGET_KEYS, String(settings.kind)) ? (settings.kind as keyof Targets) : undefined;
  // An unknown kind is the route configuration's to refuse.
  if (kind === undefined) return settings;
  for (const [key, what] of Object.entries(TARGET_KEYS[kind])) {
    const value = settings[key] as Input<unknown>;
    delete settings[key];
    if (what === "secrets") settings[key] = readSecrets(value, at(place, key), faults);
    else if ((value === undefined && what === "name") || value === "" || value === null) {
      faults.add(at(place, key), `must be a name, got ${show(value)}`);
    }
  }
  return settings;
}

/** The names of secrets, which is all that the route configuration has of them. */
function readSecrets(secrets: unknown, place: Place, faults: Faults): string[] | undefined {
  if (!isRecord(secrets)) {
    // Not shown: it may be a secret.
    faults.add(place, "must be an object of secrets by name");
    return undefined;
  }
  for (const [name, value] of Object.entries(secrets)) {
    const fault = destinationNameFault(name);
    if (fault !== undefined) faults.add(at(place, name), fault);
    // Not shown: it may be a part of a secret. An output is checked when it is known.
    if (value === undefined || value === null || value === "") faults.add(at(place, name), "must be a secret");
    else if (typeof value === "string" && !isWebhookSecret(value)) faults.add(at(place, name), WEBHOOK_SECRET_RULE);
  }
  return Object.keys(secrets);
}

/** A secret that only the deployment knows, such as one of the stack's configuration. @throws RunError without the secret */
function checkedSecret(name: string, value: string): string {
  if (isWebhookSecret(value)) return value;
  throw new RunError(`the webhooks' secret ${name} ${WEBHOOK_SECRET_RULE}`);
}

/** What only an executor at home may call: the route configuration leaves it to the executor. */
export function checkWebhookUrl({ kind, url }: Readonly<Record<string, unknown>>, place: Place, faults: Faults): void {
  const fault = kind === "webhook" && typeof url === "string" ? webhookUrlFault(url) : undefined;
  const known = kind === "webhook" && typeof url === "string" ? webhookUrlFault(url, { insecure: true }) : undefined;
  if (fault !== undefined && known === undefined) faults.add(at(place, "url"), fault);
}

/** Two things of one name would be one binding. Webhooks may share a secret, if it is the same value. */
export function checkBindingNames(destinations: Readonly<Record<string, unknown>>, faults: Faults): void {
  const seen = new Map<string, unknown>();
  for (const [destination, args] of Object.entries(destinations)) {
    if (!isRecord(args) || args.kind !== "webhook" || !isRecord(args.secrets)) continue;
    for (const [name, value] of Object.entries(args.secrets)) {
      const place = at(at(at(at(undefined, "destinations"), destination), "secrets"), name);
      if (Object.hasOwn(destinations, name)) faults.add(place, "is the name of a destination already");
      else if (seen.has(name) && seen.get(name) !== value) faults.add(place, "is the name of another secret already");
      seen.set(name, value);
    }
  }
}
