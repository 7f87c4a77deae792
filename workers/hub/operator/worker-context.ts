import { databaseOf } from "../../../schema/database/from-environment.ts";
import { alarmOf } from "../../../workflows/call-alarm.ts";
import { enqueueCommitted } from "../../../workflows/enqueue-committed.ts";
import { routesOf } from "../compiled-routes.ts";
import { enqueueTogether } from "../emit/enqueue.ts";
import type { HubEnv } from "../env.ts";
import { checkerOf } from "../events/checker-of-hub.ts";
import type { MethodContext } from "./context.ts";

/** How long a call does bulk work, in milliseconds, before it leaves the rest to the hub's next tick. */
const CALL_BUDGET_MS = 20_000;

/** The fields that a hub's class defines. */
export interface Defined {
  configuration: unknown;
  events: unknown;
}

/** The context of an operator's call, or of a tick of the hub, in a Worker. */
export function operatorContext(env: HubEnv, { configuration, events }: Defined, actor = "operator"): MethodContext {
  const routes = () => routesOf(configuration, env);
  return {
    database: databaseOf(env),
    routes,
    events: () => checkerOf(events, routes()),
    config: () => routes().config,
    enqueue: async (notices) => {
      await enqueueCommitted(env.EVENTHUB_QUEUE, notices, enqueueTogether);
    },
    sleeps: alarmOf(env) !== undefined,
    actor,
    deadline: Date.now() + CALL_BUDGET_MS,
  };
}
