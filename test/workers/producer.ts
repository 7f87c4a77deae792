import { WorkerEntrypoint } from "cloudflare:workers";
import type { EmitOptions, EventHub, EventPayload } from "../../schema/contract/index.ts";
import { ODD_PAYLOADS } from "./odd-payloads.ts";

interface Env {
  EVENTHUB: EventHub;
  CONSUMERS: Fetcher;
  /** The hub's entrypoint for operators. */
  OPERATOR: Record<string, (...args: unknown[]) => Promise<unknown>>;
  EXECUTOR: { reconcile(): Promise<object>; bindingClasses(): Promise<object> };
}

/** The tests' producer: it receives requests over HTTP, and makes the calls over RPC, as users' producers do. */
export default class extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    try {
      return Response.json(await this.#act(decodeURIComponent(pathname), request));
    } catch (error) {
      return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 400 });
    }
  }

  async #act(pathname: string, request: Request): Promise<unknown> {
    if (pathname === "/emit") {
      const { payload, options } = (await request.json()) as { payload: EventPayload; options?: EmitOptions };
      return this.env.EVENTHUB.emit(payload, options);
    }
    if (pathname === "/traced") {
      const [traceparent, tracestate, baggage] = ["traceparent", "tracestate", "baggage"].map((name) =>
        request.headers.get(name),
      );
      const payload = (await request.json()) as EventPayload;
      return this.env.EVENTHUB.emit(payload, { traceparent, tracestate, baggage } as EmitOptions);
    }
    if (pathname.startsWith("/emit-odd/")) {
      const make = ODD_PAYLOADS[pathname.slice("/emit-odd/".length)];
      return this.env.EVENTHUB.emit(make?.() as EventPayload);
    }
    if (pathname.startsWith("/hub/")) {
      // Any name is tried: a stub has every method, and the call shows whether it exists.
      const hub = this.env.EVENTHUB as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
      const args = request.method === "POST" ? ((await request.json()) as unknown[]) : [{}, {}];
      return (await hub[pathname.slice("/hub/".length)]?.(...args)) ?? null;
    }
    if (pathname.startsWith("/operate/")) {
      const method = pathname.slice("/operate/".length);
      return (await this.env.OPERATOR[method]?.(...((await request.json()) as unknown[]))) ?? null;
    }
    if (pathname === "/reconcile") return this.env.EXECUTOR.reconcile();
    if (pathname === "/binding-classes") return this.env.EXECUTOR.bindingClasses();
    if (pathname === "/calls" || pathname === "/arrivals") {
      return (await this.env.CONSUMERS.fetch(`http://consumers${pathname}`)).json();
    }
    throw new Error(`nothing at ${pathname}`);
  }
}
