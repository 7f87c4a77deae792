import type { EmitOptions, EventPayload } from "../../schema/contract/index.ts";
import type { GatewayEnv } from "./env.ts";

/** That the Workers are up. */
export async function ready(): Promise<Response> {
  return new Response("ready\n");
}

/** What the crons of executor and hub do in production. The local stack's ticker calls it, since wrangler runs crons of the first Worker only. */
export async function reconcile(_request: Request, { EXECUTOR, OPERATOR }: GatewayEnv): Promise<Response> {
  const [reconciled, ticked] = await Promise.all([EXECUTOR.reconcile(), OPERATOR.tick()]);
  return Response.json({ ...reconciled, ...ticked });
}

/** Deletes finished Workflow instances, `{ instances: string[] }` of up to 100 ids: the local engine keeps them open, file by file. */
export async function forget(request: Request, { DISPATCH }: GatewayEnv): Promise<Response> {
  const { instances } = await request.json<{ instances: string[] }>();
  const { deleted, errors } = await DISPATCH.deleteBatch(instances);
  return Response.json({ deleted: deleted.length, errors });
}

/** Emits with all the options that there are, `{ payload, options }`: for tests, which are told what a producer is told. */
export async function emitWithOptions(request: Request, { EVENTHUB }: GatewayEnv): Promise<Response> {
  const { payload, options } = await request.json<{ payload: EventPayload; options: EmitOptions }>();
  try {
    return Response.json(await EVENTHUB.emit(payload, options));
  } catch (error) {
    return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 400 });
  }
}
