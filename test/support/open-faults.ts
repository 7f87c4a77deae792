import type { SQL } from "drizzle-orm";
import { inject } from "vitest";
import { eventually } from "./eventually.ts";
import type { Hit, PlannedFault } from "./fault-plan.ts";
import { textOf } from "./statement-text.ts";

/** A fault as tests plan it. Its statement is one of the function that makes it, with any arguments. */
export interface FaultOptions extends Omit<PlannedFault, "statement"> {
  statement?: SQL;
}

/** What a test can do to its own database, and to the Workers of its own system. */
export interface Faults {
  /** The address that the Workers ask. */
  url: string;
  plan(...faults: FaultOptions[]): Promise<void>;
  /** The faults that have happened so far. */
  hits(): Promise<Hit[]>;
  /** Waits until a fault has happened this often. */
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
