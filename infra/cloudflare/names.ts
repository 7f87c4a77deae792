import { createHash } from "node:crypto";
import { getProject, getStack, type Input, type Output, output, RunError } from "@pulumi/pulumi";
import { MAX_RESOURCE_NAME_LENGTH } from "../../schema/vocabulary/limits.ts";
import { MAX_WORKFLOW_NAME_LENGTH } from "../../schema/vocabulary/platform-limits.ts";

/** All names in the account; for `eventhub`, those of the wrangler configurations. */
export const namesOf = (name: string) => ({
  hub: `${name}-hub`,
  executor: `${name}-executor`,
  console: `${name}-console`,
  metrics: `${name}-metrics`,
  queue: `${name}-dispatches`,
  workflow: `${name}-dispatch`,
});

/** One of {@link namesOf}, for a name that is known only once the first resource exists. */
export const nameFor = (name: Input<string>, what: keyof ReturnType<typeof namesOf>): Output<string> =>
  output(name).apply((known) => namesOf(known)[what]);

/**
 * The name of an EventHub that the program does not name: from the resource, the project and the stack, so that two stacks of one program can share
 * an account.
 */
export const defaultName = (resource: string): string => joinNames(resource, getProject(), getStack());

/**
 * Joins names to one that no other names give, within {@link MAX_RESOURCE_NAME_LENGTH}. They stay as they are if they can be told apart again.
 * Otherwise (with a dash or a capital in one of them, or if they are too long together), they are cut, and get a hash of all of them.
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

/** The beginning of all other names of an EventHub, from the name of its queue. An existing queue keeps the name with which it was created. */
export function nameOfQueue(queueName: string): string {
  const [, name] = /^(.+)-dispatches$/.exec(queueName) ?? [];
  if (name !== undefined) return name;
  throw new RunError(`name: is required, since the queue's own (${queueName}) does not end with -dispatches`);
}

/**
 * What tells the Workflows of a destination apart: its name, and further ones by their number before it, which no other destination's name can begin
 * with.
 */
export const ownWorkflows = (destination: string, count = 1): [string, ...string[]] => [
  destination,
  ...Array.from({ length: count - 1 }, (_, n) => `${n + 2}_${destination}`),
];

/** The executor's binding of a destination's own Workflow, by its name among {@link ownWorkflows}. */
export const ownWorkflowBinding = (own: string): string => `EVENTHUB_WORKFLOW_${own}`;

/** The name of a destination's own Workflow in the account. If it would be too long, it is cut and gets a hash. */
export function ownWorkflowName(name: string, own: string): string {
  const whole = `${namesOf(name).workflow}-${own}`;
  return whole.length <= MAX_WORKFLOW_NAME_LENGTH ? whole : withHash(whole, whole, MAX_WORKFLOW_NAME_LENGTH);
}

const HASH_LENGTH = 8;

function withHash(text: string, hashed: string, length: number): string {
  const hash = createHash("sha256").update(hashed).digest("hex").slice(0, HASH_LENGTH);
  return `${text.slice(0, length - HASH_LENGTH - 1).replace(/[-_]+$/, "")}-${hash}`;
}
