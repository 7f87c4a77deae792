import type { DemoEnv } from "./env.ts";

/** That the Workers are up. */
export async function ready(_request: Request, env: DemoEnv): Promise<Response> {
  if (env.EXECUTOR === undefined) return new Response("only in the local stack\n", { status: 404 });
  return new Response("ready\n");
}

/** What the crons of executor and hub do in production. The local stack's ticker calls it, since wrangler runs crons of the first Worker only. */
export async function reconcile(_request: Request, env: DemoEnv): Promise<Response> {
  if (env.EXECUTOR === undefined || env.OPERATOR === undefined)
    return new Response("only in the local stack\n", { status: 404 });
  const [reconciled, ticked] = await Promise.all([env.EXECUTOR.reconcile(), env.OPERATOR.tick()]);
  return Response.json({ ...reconciled, ...ticked });
}

/** Deletes finished Workflow instances, `{ instances: string[] }` of up to 100 ids: the local engine keeps them open, file by file. */
export async function forget(request: Request, env: DemoEnv): Promise<Response> {
  if (env.DISPATCH === undefined) return new Response("only in the local stack\n", { status: 404 });
  const { instances } = await request.json<{ instances: string[] }>();
  const { deleted, errors } = await env.DISPATCH.deleteBatch(instances);
  return Response.json({ deleted: deleted.length, errors });
}
