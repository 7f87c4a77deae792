import type { EmitOptions, EventPayload } from "../../schema/contract/index.ts";
import type { GatewayEnv } from "./env.ts";

/** Tells that the Workers are up. */
export async function ready(): Promise<Response> {
  return new Response("ready\n");
}

/** Does the work of the executor's and hub's crons. The local stack's ticker calls it, since wrangler runs crons of the first Worker only. */
export async function reconcile(_request: Request, { EXECUTOR, OPERATOR }: GatewayEnv): Promise<Response> {
  const [reconciled, ticked] = await Promise.all([EXECUTOR.reconcile(), OPERATOR.tick()]);
  return Response.json({ ...reconciled, ...ticked });
}

/** Does the work of the metrics Worker's cron: pushes metrics, if its settings name a collector. */
export async function push(_request: Request, { METRICS }: GatewayEnv): Promise<Response> {
  const { outcome = "there is none" } = (await METRICS?.scheduled({ cron: "", scheduledTime: new Date() })) ?? {};
  return new Response(`${outcome}\n`);
}

/** Deletes finished Workflow instances, `{ instances: string[] }` with up to 100 ids, because the local engine keeps a file open for each. */
export async function forget(request: Request, { DISPATCH }: GatewayEnv): Promise<Response> {
  const { instances } = await request.json<{ instances: string[] }>();
  const { deleted, errors } = await DISPATCH.deleteBatch(instances);
  return Response.json({ deleted: deleted.length, errors });
}

/** Emits with any options, `{ payload, options }`. For tests, which get the same answer as a producer. */
export async function emitWithOptions(request: Request, { EVENTHUB }: GatewayEnv): Promise<Response> {
  const { payload, options } = await request.json<{ payload: EventPayload; options: EmitOptions }>();
  try {
    return Response.json(await EVENTHUB.emit(payload, options));
  } catch (error) {
    return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 400 });
  }
}
