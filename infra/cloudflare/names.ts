/** Longest `name` of an EventHub: with the longest suffix it is a queue's or a Worker's, which have 63 characters at most. */
export const MAX_NAME_LENGTH = 50;

/** Longest name of a Workflow. @see https://developers.cloudflare.com/workflows/reference/limits/ */
export const MAX_WORKFLOW_NAME_LENGTH = 64;

/** What everything is called in the account; for `eventhub`, as in the wrangler configurations. */
export const namesOf = (name: string) => ({
  hub: `${name}-hub`,
  executor: `${name}-executor`,
  console: `${name}-console`,
  queue: `${name}-dispatches`,
  workflow: `${name}-dispatch`,
});

/** The Workflow of a destination's own: its name in the account, and the executor's binding. */
export const ownWorkflow = (name: string, destination: string) => ({
  name: `${namesOf(name).workflow}-${destination}`,
  binding: `EVENTHUB_WORKFLOW_${destination}`,
});
