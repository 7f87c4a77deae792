import type { NeonEndpointOptions } from "../../infra/local/neon/endpoint.ts";
import { type DatabaseFault, injectDatabaseFault } from "../support/database-fault.ts";
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
  enabled: boolean;
  /** While set, every request fails in this way: an outage. */
  outage: DatabaseFault | undefined;
  intercept: Intercept;
}

export function planDatabaseFaults(journal: Journal, random: Random): DatabaseFaults {
  const faults: DatabaseFaults = {
    enabled: true,
    outage: undefined,
    intercept: async (_request, next) => {
      const fault = faults.enabled ? (faults.outage ?? random.pick(RATES)) : undefined;
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
