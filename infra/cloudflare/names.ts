import { createHash } from "node:crypto";
import { getProject, getStack, type Input, type Output, output, RunError } from "@pulumi/pulumi";
import { MAX_RESOURCE_NAME_LENGTH } from "../../schema/vocabulary/limits.ts";
import { MAX_WORKFLOW_NAME_LENGTH } from "../../schema/vocabulary/platform-limits.ts";

/** What everything is called in the account; for `eventhub`, as in the wrangler configurations. */
export const namesOf = (name: string) => ({
  hub: `${name}-hub`,
  executor: `${name}-executor`,
  console: `${name}-console`,
  queue: `${name}-dispatches`,
  workflow: `${name}-dispatch`,
});

/** One of {@link namesOf}, of a name that is known only once the first resource is there. */
export const nameFor = (name: Input<string>, what: keyof ReturnType<typeof namesOf>): Output<string> =>
  output(name).apply((known) => namesOf(known)[what]);

/** What is not named in a program: by the resource, and by project and stack, so that two stacks of one program share an account. */
export const defaultName = (resource: string): string => joinNames(resource, getProject(), getStack());

/**
 * Joins names to one that no other names give, within {@link MAX_RESOURCE_NAME_LENGTH}: as they are where they can be told apart again; otherwise (a dash or a capital
 * in one of them, or too long together) cut, and with a hash of them all.
 */
export function joinNames(...names: readonly [string, ...string[]]): string {
  const joined = names.join("-");
  if (
    names.every((name) => /^[a-z0-9]+$/.test(name)) &&
    /^[a-z]/.test(joined) &&
    joined.length <= MAX_RESOURCE_NAME_LENGTH
  )
    return joined;
  const plain = joined
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "");
  return withHash(plain === "" ? "eventhub" : plain, JSON.stringify(names), MAX_RESOURCE_NAME_LENGTH);
}

/** The name that everything else of an EventHub begins with, by what its queue is called: one that is there keeps the name that it was made with. */
export function nameOfQueue(queueName: string): string {
  const [, name] = /^(.+)-dispatches$/.exec(queueName) ?? [];
  if (name !== undefined) return name;
  throw new RunError(`name: is required, since the queue's own (${queueName}) does not end with -dispatches`);
}

/** The executor's binding of a destination's own Workflow. */
export const ownWorkflowBinding = (destination: string): string => `EVENTHUB_WORKFLOW_${destination}`;

/** The name of a destination's own Workflow in the account; where it would be too long, cut and with a hash. */
export function ownWorkflowName(name: string, destination: string): string {
  const whole = `${namesOf(name).workflow}-${destination}`;
  return whole.length <= MAX_WORKFLOW_NAME_LENGTH ? whole : withHash(whole, whole, MAX_WORKFLOW_NAME_LENGTH);
}

const HASH_LENGTH = 8;

function withHash(text: string, hashed: string, length: number): string {
  const hash = createHash("sha256").update(hashed).digest("hex").slice(0, HASH_LENGTH);
  return `${text.slice(0, length - HASH_LENGTH - 1).replace(/[-_]+$/, "")}-${hash}`;
}
