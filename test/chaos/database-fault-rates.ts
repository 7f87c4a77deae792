import { setTimeout as sleep } from "node:timers/promises";
import type { NeonEndpointOptions } from "../../infra/local/neon/endpoint.ts";
import { type DatabaseFault, injectDatabaseFault } from "../support/inject-database-fault.ts";
import type { Journal } from "./journal.ts";
import type { Random } from "./random.ts";

type Intercept = NonNullable<NeonEndpointOptions["intercept"]>;

/** How often a request to the database fails by itself, as a share of 1. */
const RATES: Readonly<Record<DatabaseFault, number>> = {
  refuse: 0.01,
  "error 500": 0.01,
  "error 500 after": 0.01,
  cut: 0.01,
  "cut after": 0.02,
  hang: 0.003,
  "hang after": 0.003,
  slow: 0.03,
};

/** The faults of the database, which Workers see through the Neon endpoint. */
export interface DatabaseFaults {
  /** While false, nothing goes wrong by itself. */
  enabled: boolean;
  /** While set, every request fails in this way: an outage. */
  outage: DatabaseFault | undefined;
  /** When the last request came: milliseconds since 1970. */
  askedAt: number;
  /** The next request of which one parameter is like this is executed and gets no answer. Resolves when it is executed, or none has come in time. */
  swallow(parameter: (text: string) => boolean, withinMs: number): Promise<void>;
  intercept: Intercept;
}

export function planDatabaseFaults(journal: Journal, random: Random): DatabaseFaults {
  let swallowed: { parameter: (text: string) => boolean; executed: () => void } | undefined;
  const faults: DatabaseFaults = {
    enabled: true,
    outage: undefined,
    askedAt: 0,
    swallow: async (parameter, withinMs) => {
      const happened = new Promise<void>((executed) => {
        swallowed = { parameter, executed };
      });
      await Promise.race([happened, sleep(withinMs)]);
      swallowed = undefined;
    },
    intercept: async ({ queries }, next) => {
      faults.askedAt = Date.now();
      const meant = swallowed;
      if (meant !== undefined && queries.some(({ params }) => params.some((text) => meant.parameter(text ?? "")))) {
        swallowed = undefined;
        await next();
        meant.executed();
        return injectDatabaseFault("hang", next, 0);
      }
      const fault = faults.outage ?? (faults.enabled ? random.pick(RATES) : undefined);
      if (fault === undefined) return next();
      const from = Date.now();
      journal.count(`database: ${fault}`);
      try {
        return await injectDatabaseFault(fault, next, random.integer(200, 3_000));
      } finally {
        journal.databaseTrouble.push({ kind: fault, from, to: Date.now() });
      }
    },
  };
  return faults;
}
