/**
 * What a console meets after a rollback of the hub: the real hub behind it, whose answers lack the members that this version added to methods which
 * were there before.
 */
import { WorkerEntrypoint } from "cloudflare:workers";

type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>;

const KEYS = ["flowKey", "orderKey"];
const LISTED = ["about", ...KEYS].map((name) => `items.*.${name}`);
const DESTINATION = ["state", "rules", "drain", "flow", "groupLimit"];
const OPERATION = ["expected", "stoppedBy", "outcome"];
const DRY_RUN = ["limited", "skipped", "outOfOrder"];

/** The added members, by method; `*` is each element of a list. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  listEvents: ["looked", "items.*.about", "items.*.invalid"],
  getEvent: ["traceId", "invalid", ...KEYS.map((name) => `dispatches.*.${name}`)],
  listDispatches: ["looked", ...LISTED],
  getDispatch: ["position", "held", "waiting", ...KEYS],
  stats: [],
  traffic: ["estimated"],
  problems: ["retrying", ...["key", "state", "overTime", "notes"].map((name) => `failures.*.${name}`)],
  getConfiguration: ["health"],
  explain: [],
  listDestinations: DESTINATION.map((name) => `*.${name}`),
  getDestination: DESTINATION,
  listPaused: [],
  listOperations: OPERATION.map((name) => `*.${name}`),
  getOperation: OPERATION,
  retryDispatch: KEYS,
  cancelDispatch: KEYS,
  retryDispatches: [...DRY_RUN, ...OPERATION],
  cancelDispatches: [...DRY_RUN, ...OPERATION],
  replayEvents: ["limited", "outOfOrder", ...OPERATION],
  pauseDestination: DESTINATION,
  resumeDestination: DESTINATION,
  // Newer than the others, but not all of their members are as old as they.
  catalogue: ["sample"],
  deployment: [],
  routeHealth: [],
  find: [],
  flows: [],
  tail: [],
};

function remove(value: unknown, [name = "", ...rest]: readonly string[]): void {
  if (typeof value !== "object" || value === null) return;
  const members = value as Record<string, unknown>;
  if (name === "*") for (const one of Object.values(members)) remove(one, rest);
  else if (rest.length > 0) remove(members[name], rest);
  else delete members[name];
}

export class Operator extends WorkerEntrypoint<{ OPERATOR: Methods }> {}

for (const [name, paths] of Object.entries(ADDED))
  Object.defineProperty(Operator.prototype, name, {
    async value(this: { env: { OPERATOR: Methods } }, ...args: unknown[]) {
      // What came over RPC cannot be changed.
      const answer: unknown = structuredClone(await this.env.OPERATOR[name]?.(...args));
      for (const path of paths) remove(answer, path.split("."));
      return answer;
    },
  });

export default {};
