import type { CatalogueKind, EventCatalogue } from "../../../../schema/contract/catalogue.ts";
import { Json } from "../../components/Json.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, ErrorBox, Facts, Heading, Panel } from "../../components/Panels.tsx";
import { Time } from "../../components/Time.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { count, many } from "../../format/amounts.ts";
import { searchQuery } from "../../forms/filters.ts";

/** `/events/kinds`: every kind of event that is defined or was seen, and the routes that take it. */
export function addKinds(app: ConsoleApp): void {
  app.get("/events/kinds", async (c) => {
    const now = new Date();
    const catalogue = await attempt(c.var.operator.catalogue());
    return c.html(
      <Layout c={c} title="Kinds of events" section="events">
        <Heading title="Kinds of events">
          <a class="button" href={`/events${searchQuery({ invalid: "yes" })}`}>
            Those not as defined
          </a>
        </Heading>
        {catalogue.error ? (
          <ErrorBox error={catalogue.error} again="/events/kinds" />
        ) : (
          <Catalogue catalogue={catalogue.value} now={now} />
        )}
      </Layout>,
      catalogue.error?.status ?? 200,
    );
  });
}

const Catalogue = ({
  catalogue: { defaults, kinds, sample, looked, since },
  now,
}: {
  catalogue: EventCatalogue;
  now: Date;
}) => {
  const defined = kinds.filter(({ definition }) => definition !== null);
  const others = kinds.filter(({ definition }) => definition === null);
  return (
    <>
      <p class="dim">
        Counted in a sample of {many(looked, "event")}
        {since === null ? undefined : (
          <>
            {" "}
            since <Time at={since} now={now} />
          </>
        )}
        {/* A hub of an earlier version does not say which. */}
        {sample === undefined ? undefined : (
          <>
            : the newest {count(sample.newest)}, {sample.perSlice} of every {many(sample.sliceMinutes, "minute")} of the
            last {many(sample.days, "day")}, and the newest {count(sample.invalid)} that are not as defined
          </>
        )}
        . A rare kind may be missing.
      </p>
      {defaults === null ? (
        <Empty title="This hub's events are not defined">
          <p>
            A definition has <code>emit()</code> refuse events that do not match it, and gives producers and consumers
            types.
            <code> npx cf-eventhub-workflows events infer</code> infers one from the stored events.
          </p>
        </Empty>
      ) : (
        <>
          <KindTable kinds={defined} now={now} caption="Defined kinds" />
          {defined.map((kind) => (
            <KindPanel kind={kind} member={defaults.member} />
          ))}
        </>
      )}
      {others.length === 0 ? undefined : (
        <Panel title="Seen, but not defined" id="others">
          <KindTable kinds={others} now={now} caption="Kinds that are not defined" />
        </Panel>
      )}
    </>
  );
};

const KindTable = ({ kinds, now, caption }: { kinds: readonly CatalogueKind[]; now: Date; caption: string }) => (
  <table class="rows">
    <caption class="hidden">{caption}</caption>
    <thead>
      <tr>
        <th>Kind</th>
        <th>Taken by</th>
        <th class="num">Seen</th>
        <th class="num">Not as defined</th>
        <th>Last</th>
      </tr>
    </thead>
    <tbody>
      {kinds.map(({ kind, definition, routes, seen, invalid, lastSeen }) => (
        <tr>
          <td>{definition === null ? <code>{kind ?? "(none)"}</code> : <a href={`#${anchorOf(kind)}`}>{kind}</a>}</td>
          <TakenBy routes={routes} />
          <td class="num" data-label="seen">
            {count(seen)}
          </td>
          <td class="num" data-label="not as defined">
            {count(invalid)}
          </td>
          <td class="when">
            {lastSeen === null ? <span class="dim">not recently</span> : <Time at={lastSeen} now={now} />}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** The routes that fit into the column. The title has all of them. */
const TakenBy = ({ routes }: { routes: readonly string[] }) =>
  routes.length === 0 ? (
    <td class="dim">nobody</td>
  ) : (
    <td class="reason" title={routes.join("\n")}>
      {routes.length === 1 ? routes[0] : `${many(routes.length, "route")}: ${routes.join(", ")}`}
    </td>
  );

const anchorOf = (kind: string | null) => `kind-${encodeURIComponent(kind ?? "")}`;

const KindPanel = ({ kind: { kind, definition }, member }: { kind: CatalogueKind; member: string }) => {
  if (definition === null || kind === null) return undefined;
  const { check, description, key, version, schema, examples } = definition;
  const facts = [
    ["Check", check],
    ["Version", version],
    ["Key", key === null ? null : <code>{key}</code>],
  ] as const;
  const [example] = examples;
  const text = JSON.stringify(example ?? { [member]: kind }, null, 2);
  return (
    <Panel
      title={kind}
      id={anchorOf(kind)}
      aside={
        <>
          <a class="button" href={`/events${searchQuery({ path: `$.${member}`, equals: kind })}`}>
            Events
          </a>
          <a class="button" href={`/emit?payload=${encodeURIComponent(text)}`}>
            Emit an example
          </a>
        </>
      }
    >
      {description === null ? undefined : <p>{description}</p>}
      <Facts facts={facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))} />
      {example === undefined ? undefined : (
        <details class="fold">
          <summary>Example</summary>
          <Json value={example as never} />
        </details>
      )}
      <details class="fold">
        <summary>Schema</summary>
        {schema === null ? (
          <p class="dim">
            Its library does not export it as JSON Schema. With valibot, wrap it in toStandardJsonSchema() of
            @valibot/to-json-schema.
          </p>
        ) : (
          <Json value={schema as never} />
        )}
      </details>
    </Panel>
  );
};
