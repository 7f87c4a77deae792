import type { CatalogueKind, CatalogueSample, EventCatalogue } from "../../../schema/contract/catalogue.ts";
import { countKinds, type KindRow } from "../../../schema/queries/events/count-kinds.ts";
import { DEFAULT_KIND_MEMBER } from "../../../schema/vocabulary/event-checks.ts";
import type { CheckedKind } from "../events/checker.ts";
import { routesOfKind } from "../events/routes-of-kind.ts";
import type { OperatorContext } from "./context.ts";

/** The sample in which kinds are counted. It is bounded, since counting reads payloads. */
const SAMPLE: CatalogueSample = { newest: 2_000, days: 7, sliceMinutes: 10, perSlice: 3, invalid: 1_000 };

/** All kinds of events that are defined, then those that were only seen, with the routes that take them. */
export async function getCatalogue({ database, routes, events }: OperatorContext): Promise<EventCatalogue> {
  const [checker, { config }] = [events?.(), routes()];
  const member = checker?.member ?? DEFAULT_KIND_MEMBER;
  const rows = await database.run(countKinds(member, SAMPLE));
  const seen = new Map(rows.map((row) => [row.kind, row]));
  const undefinedKinds = rows.map(({ kind }) => kind).filter((kind) => kind === null || !checker?.kinds.has(kind));
  const routesOf = (kind: string | null) =>
    kind === null
      ? []
      : routesOfKind(config, member, kind).map((index) => config.routes[index]?.name ?? `routes[${index}]`);
  const kinds = [...(checker?.kinds.keys() ?? []), ...undefinedKinds].map((kind) =>
    toKind(kind, kind === null ? undefined : checker?.kinds.get(kind), seen.get(kind), routesOf(kind)),
  );
  return {
    defaults: checker === undefined ? null : { member, check: checker.check, unknown: checker.unknown },
    kinds,
    sample: SAMPLE,
    looked: rows[0]?.looked ?? 0,
    since: rows[0]?.since ?? null,
  };
}

function toKind(
  kind: string | null,
  known: CheckedKind | undefined,
  row: KindRow | undefined,
  routes: string[],
): CatalogueKind {
  const definition =
    known === undefined
      ? null
      : {
          check: known.check,
          description: known.description ?? null,
          key: known.key ?? null,
          version: known.version ?? null,
          schema: known.jsonSchema() ?? null,
          examples: known.examples ?? [],
        };
  return {
    kind,
    definition,
    routes,
    seen: row?.seen ?? 0,
    invalid: row?.invalid ?? 0,
    lastSeen: row?.last_seen ?? null,
  };
}
