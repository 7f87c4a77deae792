import type { Findings } from "../../../../schema/contract/find.ts";
import { Layout } from "../../components/Layout.tsx";
import { ErrorBox, Heading } from "../../components/Panels.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { oneLine } from "../../format/amounts.ts";
import { searchQuery } from "../../forms/filters.ts";
import { idsIn } from "../../forms/ids-in.ts";
import { FindingsPanels } from "./FindingsPanels.tsx";
import { listOf } from "./places.ts";

const TRACE_ID = /^[0-9a-f]{32}$/i;

/** `/search`: leads to what was typed: an id of anything or of a trace, a key, a value of a payload that an index finds, or text of a reason. */
export function addSearch(app: ConsoleApp): void {
  app.get("/search", async (c) => {
    const q = (c.req.query("q") ?? "").trim();
    if (q === "") return c.redirect("/dispatches");
    if (TRACE_ID.test(q)) {
      const { value } = await attempt(c.var.operator.listEvents({ traceId: q }, { limit: 1 }));
      if ((value?.items.length ?? 0) > 0) return c.redirect(`/events${searchQuery({ trace: q })}`);
    }
    const ids = idsIn(q);
    if (ids.length === 1) return c.redirect(await placeOfId(c, ids[0] ?? ""));
    if (ids.length > 1) return c.redirect(`/dispatches${searchQuery({ ids: ids.join(" ") })}`);
    const findings = await attempt(c.var.operator.find(q));
    const only = findings.value && onlyPlace(findings.value);
    if (only !== undefined) return c.redirect(only);
    return c.html(
      <Layout c={c} title={`Search: ${oneLine(q, 60)}`}>
        <Heading eyebrow="Search" title={oneLine(q, 60)} />
        {findings.error ? (
          <ErrorBox error={findings.error} again={`/search?q=${encodeURIComponent(q)}`} />
        ) : (
          <FindingsPanels findings={findings.value} now={new Date()} />
        )}
      </Layout>,
      findings.error?.status ?? 200,
    );
  });
}

/** The URL for an id. It may be that of a Workflow instance, which begins with the id of a dispatch. */
async function placeOfId(c: ConsoleContext, id: string): Promise<string> {
  const { operator } = c.var;
  const [dispatch, event, operation] = await Promise.all([
    attempt(operator.getDispatch(id)),
    attempt(operator.getEvent(id)),
    attempt(operator.getOperation(id)),
  ]);
  if (dispatch.value !== undefined) return `/dispatches/${id}`;
  if (event.value !== undefined) return `/events/${id}`;
  if (operation.value !== undefined) return `/operations/${id}`;
  return `/dispatches${searchQuery({ ids: id })}`;
}

/** The URL if all findings are in one place: that of the event if there is just one, otherwise that of the list. */
function onlyPlace({ text, places }: Findings): string | undefined {
  const [place, ...others] = places.filter(({ found }) => found.length > 0);
  if (place === undefined) return undefined;
  const [first] = place.found;
  const isOne = new Set(places.flatMap(({ found }) => found.map(({ id }) => id))).size === 1;
  // The same event may be found by its key and by a value.
  if (isOne && first?.kind === "event") return `/events/${first.id}`;
  return others.length === 0 ? listOf(place, text) : undefined;
}
