import { DEFAULT_DESTINATION } from "../../schema/config/destinations/index.ts";
import type { Database } from "../../schema/database/connection.ts";
import { type Pulling, pull } from "../../workflows/flow/pull.ts";

/** Calls by dispatch, each in flight until the test ends it. */
export class Calls {
  readonly #open = new Map<string, { begun: Promise<void>; begin(): void; ended: Promise<void>; end(): void }>();

  readonly handle = async (_payload: unknown, { dispatchId }: { dispatchId: string }): Promise<string> => {
    this.of(dispatchId).begin();
    await this.of(dispatchId).ended;
    return "complete";
  };

  of(id: string | undefined) {
    const known = this.#open.get(id ?? "");
    if (known !== undefined) return known;
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const call = { begun: begun.promise, begin: begun.resolve, ended: ended.promise, end: ended.resolve };
    this.#open.set(id ?? "", call);
    return call;
  }
}

/** One step of a Workflow instance, in this process. */
export const pullHere = (calls: Calls, database: Database, otherwise: Partial<Pulling> = {}) =>
  pull({
    database,
    instanceId: "one",
    workflow: "DISPATCH",
    name: "LIMITED",
    destination: DEFAULT_DESTINATION,
    limits: {},
    startMore: async () => undefined,
    destinationOf: () => DEFAULT_DESTINATION,
    rules: { origin: { source: "test", type: "test" }, transforms: new Map(), hasRoute: () => true },
    bindings: { LIMITED: calls },
    ...otherwise,
  });
