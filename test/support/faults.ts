import type { SQL } from "drizzle-orm";
import { inject } from "vitest";
import { eventually } from "./eventually.ts";
import type { Hit, PlannedFault } from "./fault-plan.ts";
import { textOf } from "./statement.ts";

/** A fault as tests plan it: its statement is one of the function that makes it, with whatever arguments. */
export interface FaultOptions extends Omit<PlannedFault, "statement"> {
  statement?: SQL;
}

/** What a test does to its own database and its own system's Workers. */
export interface Faults {
  /** For the Workers: where they ask. */
  url: string;
  plan(...faults: FaultOptions[]): Promise<void>;
  /** What has happened so far. */
  hits(): Promise<Hit[]>;
  /** Waits until a fault has happened that often. */
  happened(fault: string, times?: number): Promise<void>;
  /** Forgets what is planned and what has happened. */
  clear(): Promise<void>;
}

/** The faults of one test database. */
export function openFaults(databaseName: string): Faults {
  const url = `${inject("faultsUrl")}/${databaseName}`;
  const ask = async <T>(path: string, body: unknown): Promise<T> => {
    const response = await fetch(`${url}/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return (await response.json()) as T;
  };
  const hits = () => ask<Hit[]>("hits", {});
  return {
    url,
    plan: async (...faults) =>
      ask(
        "plan",
        faults.map(({ statement, ...fault }) =>
          statement === undefined ? fault : { ...fault, statement: textOf(statement) },
        ),
      ),
    hits,
    happened: async (fault, times = 1) => {
      await eventually(async () => {
        return (await hits()).filter((hit) => hit.fault === fault).length >= times ? true : undefined;
      }, `"${fault}" has happened ${times} times`);
    },
    clear: async () => ask("clear", {}),
  };
}
