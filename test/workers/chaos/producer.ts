import { WorkerEntrypoint } from "cloudflare:workers";
import type { EmitOptions, EventHub, EventPayload } from "../../../schema/contract.ts";
import type { InstanceAct, Swept } from "./wire.ts";

interface Env {
  EVENTHUB: EventHub;
  EXECUTOR: { reconcile(): Promise<object> };
  DISPATCH: Workflow;
}

/** The campaign's hand in workerd: it emits, reconciles as the cron does, and acts on instances as operators do. */
export default class extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    try {
      return Response.json(await this.#act(pathname, request));
    } catch (error) {
      return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 400 });
    }
  }

  async #act(pathname: string, request: Request): Promise<unknown> {
    switch (pathname) {
      case "/":
        return {};
      case "/emit": {
        const { payload, options } = await request.json<{ payload: EventPayload; options?: EmitOptions }>();
        return this.env.EVENTHUB.emit(payload, options);
      }
      case "/reconcile":
        return this.env.EXECUTOR.reconcile();
      case "/instance": {
        const { id, act } = await request.json<{ id: string; act: InstanceAct }>();
        return this.#actOn(id, act);
      }
      case "/sweep":
        return this.#sweep(await request.json<string[]>());
      default:
        throw new Error(`nothing at ${pathname}`);
    }
  }

  async #actOn(id: string, act: InstanceAct): Promise<object> {
    if (act === "delete") return this.env.DISPATCH.deleteBatch([id]);
    const instance = await this.env.DISPATCH.get(id);
    await instance[act]();
    return {};
  }

  /** Deletes those that have ended. */
  async #sweep(ids: string[]): Promise<Swept> {
    const statuses = await Promise.all(
      ids.map(async (id) => {
        try {
          return { id, status: (await (await this.env.DISPATCH.get(id)).status()).status };
        } catch {
          return { id, status: "gone" };
        }
      }),
    );
    const ended = statuses.filter(({ status }) => ["complete", "errored", "terminated"].includes(status));
    if (ended.length > 0) await this.env.DISPATCH.deleteBatch(ended.map(({ id }) => id));
    return {
      deleted: [...ended, ...statuses.filter(({ status }) => status === "gone")].map(({ id }) => id),
      errored: ended.filter(({ status }) => status === "errored").map(({ id }) => id),
    };
  }
}
