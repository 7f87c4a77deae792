import { randomUUID } from "node:crypto";
import { DEFAULT_DESTINATION } from "../../schema/config/destinations/index.ts";
import type { EmitOptions } from "../../schema/contract/index.ts";
import type { Database } from "../../schema/database/connection.ts";
import { deliver } from "../../workflows/deliver.ts";
import { handOverTo } from "../../workflows/hand-over.ts";
import type { Delivered, Delivery } from "../../workflows/round.ts";
import type { DispatchRow, ExecutionRow, System } from "./system.ts";

/** The outcome of one event. */
export interface Settled {
  eventId: string;
  /** Its dispatches, in the order of their routes. */
  rows: DispatchRow[];
  /** The first dispatch, and its executions. */
  dispatch: DispatchRow;
  executions: ExecutionRow[];
  /**
   * The dispatch to a destination.
   *
   * @throws Error if there is none.
   */
  of(destination: string): DispatchRow;
}

/** Emits one event to a system, and waits until all its dispatches are final. */
export async function emitAndSettle(system: System, payload: object, options?: EmitOptions): Promise<Settled> {
  const { events } = await system.emit(payload, options);
  const eventId = events[0]?.id ?? "";
  const rows = await system.settled(eventId);
  const [dispatch] = rows;
  if (dispatch === undefined) throw new Error(`no route for ${JSON.stringify(payload).slice(0, 100)}`);
  const of = (destination: string) => {
    const row = rows.find((one) => one.destination === destination);
    if (row === undefined) throw new Error(`no dispatch to ${destination}`);
    return row;
  };
  return { eventId, rows, dispatch, executions: await system.executions(dispatch.id), of };
}

/** Runs one step of the executor in this process, on a database. Returns what the step returned, or the error that asks for a retry. */
export function deliverHere(
  ids: readonly string[],
  delivery: Pick<Delivery, "bindings"> & Partial<Delivery> & { database: Database },
): Promise<Delivered> {
  return deliver(
    ids.map((id) => ({ id, generation: 0 })),
    {
      instanceId: "one",
      workflow: "DISPATCH",
      timeoutSeconds: 30,
      destinationOf: () => DEFAULT_DESTINATION,
      rules: { origin: { source: "test", type: "test" }, transforms: new Map(), hasRoute: () => true },
      token: () => randomUUID(),
      claimed: () => undefined,
      keepToken: () => undefined,
      counted: () => undefined,
      leave: (leave) =>
        handOverTo(
          { database: delivery.database, queue: { sendBatch: async () => undefined }, instanceId: "one" },
          leave,
        ),
      ...delivery,
    },
  );
}
