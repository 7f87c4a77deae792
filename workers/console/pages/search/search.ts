import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { idsIn, searchQuery } from "../../forms/filters.ts";

/** `/search`: where to go for what was typed: an id of anything, an idempotency key, or text of a reason. */
export function addSearch(app: ConsoleApp): void {
  app.get("/search", async (c) => {
    const { operator } = c.var;
    const q = (c.req.query("q") ?? "").trim();
    if (q === "") return c.redirect("/dispatches");
    const ids = idsIn(q);
    const [id] = ids;
    if (id !== undefined && ids.length === 1) {
      // An id, or a Workflow instance's, which begins with that of a dispatch.
      const [dispatch, event, operation] = await Promise.all([
        attempt(operator.getDispatch(id)),
        attempt(operator.getEvent(id)),
        attempt(operator.getOperation(id)),
      ]);
      if (dispatch.value !== undefined) return c.redirect(`/dispatches/${id}`);
      if (event.value !== undefined) return c.redirect(`/events/${id}`);
      if (operation.value !== undefined) return c.redirect(`/operations/${id}`);
      return c.redirect(`/dispatches${searchQuery({ ids: id })}`);
    }
    if (id !== undefined) return c.redirect(`/dispatches${searchQuery({ ids: ids.join(" ") })}`);
    const byKey = await attempt(operator.listEvents({ idempotencyKey: q }, { limit: 2 }));
    const found = byKey.value?.items ?? [];
    if (found.length === 1) return c.redirect(`/events/${found[0]?.id}`);
    if (found.length > 1) return c.redirect(`/events${searchQuery({ key: q })}`);
    return c.redirect(`/dispatches${searchQuery({ reason: q })}`);
  });
}
