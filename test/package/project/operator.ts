/** A user's Worker that operates the hub. */
import type { DispatchDetail, Operator } from "cf-eventhub-workflows/hub";

export default {
  async fetch(_request: Request, env: { OPERATOR: Service<typeof Operator> }): Promise<Response> {
    const page = await env.OPERATOR.listDispatches({ status: "failed" }, { limit: 10 });
    const ids: string[] = page.items.map((dispatch) => dispatch.id);
    const detail: Pick<DispatchDetail, "id"> = await env.OPERATOR.getDispatch(ids[0] ?? "");
    return Response.json(detail.id);
  },
};
