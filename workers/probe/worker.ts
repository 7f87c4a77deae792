import { WorkerEntrypoint, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { hasBearerToken } from "../bearer-token.ts";
import { makeCalls } from "./make-calls.ts";
import type { Called, Calls, InstanceState, Sent, Task, Took } from "./protocol.ts";

interface ProbeEnv {
  /** The token that callers must show. */
  TOKEN: string;
  /** The binding to {@link Callee}, which is a Worker of its own. */
  CALLEE: Service<Callee>;
  PROBE: Workflow<Task>;
  QUEUE: Queue<Sent>;
}

/** A consumer that does nothing. */
export class Callee extends WorkerEntrypoint {
  handle(): "complete" {
    return "complete";
  }
}

/** A Workflow instance that measures. */
export class Probe extends WorkflowEntrypoint<ProbeEnv, Task> {
  override async run({ payload: task }: Readonly<WorkflowEvent<Task>>, step: WorkflowStep): Promise<Called | Took> {
    if (task.do === "tell") return { ms: task.ms };
    if (task.do === "begin") return { ms: Date.now() - task.askedAt };
    const { calls, inStep, atOnce } = task;
    const sum: Called = { made: 0, refusal: null, ms: 0 };
    // A refusal is a result, so it is not retried.
    const once = { retries: { limit: 0, delay: 0 } };
    for (let n = 0; n < calls && sum.refusal === null; n += inStep) {
      const some = { calls: Math.min(inStep, calls - n), atOnce };
      const called = await step.do(`calls ${n}`, once, () => makeCalls(some, () => this.env.CALLEE.handle()));
      sum.made += called.made;
      sum.ms += called.ms;
      sum.refusal = called.refusal;
    }
    return sum;
  }
}

/** Answers the command `npx cf-eventhub-workflows probe`, which deploys this Worker and removes it. */
export default class extends WorkerEntrypoint<ProbeEnv> {
  override async fetch(request: Request): Promise<Response> {
    const { TOKEN, PROBE, QUEUE, CALLEE } = this.env;
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/ready") return new Response("ready\n");
    if (!(await hasBearerToken(request, TOKEN))) return new Response("who asks?\n", { status: 401 });
    switch (`${request.method} ${pathname}`) {
      case "GET /":
        return new Response("here\n");
      case "POST /calls":
        return Response.json(await makeCalls(await request.json<Calls>(), () => CALLEE.handle()));
      case "POST /instance": {
        const task = await request.json<Task>();
        const params: Task = task.do === "begin" ? { ...task, askedAt: Date.now() } : task;
        return Response.json({ id: (await PROBE.create({ params })).id });
      }
      case "POST /message": {
        const id = crypto.randomUUID();
        await QUEUE.send({ id, sentAt: Date.now() });
        return Response.json({ id });
      }
      case "GET /instance":
        return Response.json(await this.#stateOf(searchParams.get("id") ?? ""));
      default:
        return new Response("not found\n", { status: 404 });
    }
  }

  /** The state of an instance. It may not exist yet, if its message is still on its way. */
  async #stateOf(id: string): Promise<InstanceState> {
    try {
      return await (await this.env.PROBE.get(id)).status();
    } catch (error) {
      return { status: "unknown", error: String(error) };
    }
  }

  override async queue({ messages }: MessageBatch<Sent>): Promise<void> {
    const now = Date.now();
    for (const { body } of messages) {
      const params: Task = { do: "tell", ms: now - body.sentAt };
      await this.env.PROBE.create({ id: body.id, params });
    }
  }
}
