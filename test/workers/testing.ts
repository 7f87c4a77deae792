import { WorkerEntrypoint } from "cloudflare:workers";
import { expectRoute, fakeEventHub, handleContext } from "../../infra/testing/index.ts";

const routing = {
  routes: [
    {
      name: "paid",
      condition: { path: "$.kind", exact: "order.paid" },
      destination: "BILLING",
      transform: "{ 'id': id }",
    },
  ],
};

/** Runs a test in workerd, as with @cloudflare/vitest-pool-workers, and reports how it ended. */
export default class extends WorkerEntrypoint {
  override async fetch(): Promise<Response> {
    const event = { kind: "order.paid", id: "o-1" };
    const hub = fakeEventHub(routing);
    expectRoute(routing, event).toReachOnly(["BILLING"]);
    await hub.emit(event, { delaySeconds: 60 });
    hub.advance("1 min");
    const attempts = await hub.deliverTo("BILLING", { handle: () => "complete" });
    return Response.json({
      attempts: attempts.map(({ status, payload }) => ({ status, payload })),
      context: handleContext().destination,
    });
  }
}
