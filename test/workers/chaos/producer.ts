import { WorkerEntrypoint } from "cloudflare:workers";
import type { EmitOptions, EventHub, EventPayload } from "../../../schema/contract/index.ts";
import type { OperatorMethods } from "../../../workers/hub/operator/operator-methods.ts";
import type { ChaosPayload, InstanceAct, Operated, StoredObject, Swept } from "./wire.ts";

interface Env {
  EVENTHUB: EventHub;
  OPERATOR: OperatorMethods;
  EXECUTOR: { reconcile(): Promise<object> };
  DISPATCH: Workflow;
  EVENTHUB_WORKFLOW_SINGLE: Workflow;
  STARTER: Workflow;
  BUCKET: R2Bucket;
}

/** The campaign's agent in workerd: it emits, reconciles like the cron, and acts on instances like operators. */
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
      case "/operate": {
        const { method, args } = await request.json<Operated>();
        const operator = this.env.OPERATOR as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
        return operator[method]?.(...args);
      }
      case "/instance": {
        const { id, act } = await request.json<{ id: string; act: InstanceAct }>();
        return this.#actOn(id, act);
      }
      case "/sweep":
        return this.#sweep(await request.json<string[]>());
      case "/wake":
        return Promise.allSettled((await request.json<string[]>()).map((id) => this.#wake(id)));
      case "/objects":
        return this.#readObjects();
      default:
        throw new Error(`nothing at ${pathname}`);
    }
  }

  async #actOn(name: string, act: InstanceAct): Promise<object> {
    const { workflow, id } = this.#find(name);
    if (act === "delete") return workflow.deleteBatch([id]);
    const instance = await workflow.get(id);
    await instance[act]();
    return {};
  }

  /** Deletes the instances that have ended. */
  async #sweep(names: string[]): Promise<Swept> {
    const statuses = await Promise.all(names.map(async (name) => ({ name, status: await this.#statusOf(name) })));
    const ended = statuses.filter(({ status }) => ["complete", "errored", "terminated"].includes(status));
    const groups = Map.groupBy(ended, ({ name }) => this.#find(name).workflow);
    for (const [workflow, instances] of groups) {
      await workflow.deleteBatch(instances.map(({ name }) => this.#find(name).id));
    }
    return {
      deleted: [...ended, ...statuses.filter(({ status }) => status === "gone")].map(({ name }) => name),
      errored: ended.filter(({ status }) => status === "errored").map(({ name }) => name),
    };
  }

  async #statusOf(name: string): Promise<string> {
    const { workflow, id } = this.#find(name);
    try {
      return (await (await workflow.get(id)).status()).status;
    } catch {
      return "gone";
    }
  }

  /** Wakes an instance of the user's Workflow: a local engine that was killed leaves such instances as they are until something reaches them. */
  async #wake(id: string): Promise<void> {
    await (await this.env.STARTER.get(id)).sendEvent({ type: "nudge", payload: {} });
  }

  async #readObjects(): Promise<StoredObject[]> {
    const found: StoredObject[] = [];
    for (let cursor: string | undefined, more = true; more; ) {
      const listed = await this.env.BUCKET.list({ include: ["customMetadata"], ...(cursor && { cursor }) });
      for (const { key, customMetadata } of listed.objects) {
        const object = await this.env.BUCKET.get(key);
        const { n } = (await object?.json<ChaosPayload>()) ?? { n: -1 };
        found.push({ key, dispatchId: customMetadata?.dispatchId ?? "", n });
      }
      more = listed.truncated;
      if (listed.truncated) cursor = listed.cursor;
    }
    return found;
  }

  /** The Workflow and the instance that `<binding>/<id>` names. */
  #find(name: string): { workflow: Workflow; id: string } {
    const [binding, id = ""] = name.split("/");
    return { workflow: binding === "DISPATCH" ? this.env.DISPATCH : this.env.EVENTHUB_WORKFLOW_SINGLE, id };
  }
}
