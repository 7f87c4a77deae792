import { createHash } from "node:crypto";
import type { Client } from "pg";
import { PAYLOAD_INDEX_COMMENT, PAYLOAD_INDEX_PREFIX } from "../../../schema/payload/payload-index.ts";
import { toPostgresPlace } from "../../../schema/payload/postgres-path.ts";
import { type Patience, runStep } from "./run-step.ts";

/** The paths into payloads that should have an index. */
export interface WantedIndexes {
  /** The configured paths, each of them checked. */
  paths: readonly string[];
  /** Whether the indexes of other paths are dropped, and not only reported. */
  dropOthers: boolean;
}

interface FoundIndex {
  name: string;
  sound: boolean;
  comment: string | null;
}

/**
 * Makes the indexes of these paths that are missing, or whose build was interrupted, while traffic goes on. Reports those that are no longer wanted.
 */
export async function keepPayloadIndexes(
  client: Client,
  { paths, dropOthers }: WantedIndexes,
  patience: Patience,
): Promise<void> {
  const found = new Map((await findIndexes(client)).map((one) => [one.name, one]));
  const wanted = new Map(paths.map((path) => [indexNameOf(path), path]));
  let made = false;
  for (const [name, path] of wanted) {
    const there = found.get(name);
    if (there?.sound === true && there.comment === commentOf(path)) continue;
    const say = () => client.query(`comment on index eventhub."${name}" is ${literal(commentOf(path))}`);
    await runStep(client, { op: "create index", index: name, statement: createStatement(path) }, say, patience);
    if (there?.sound === true) continue;
    made = true;
    patience.tell(`${there === undefined ? "built" : "rebuilt"} the index of ${path}`);
  }
  for (const { name, comment } of found.values()) {
    if (wanted.has(name)) continue;
    const what = `the index of ${comment?.slice(PAYLOAD_INDEX_COMMENT.length) ?? `an unknown path (${name})`}`;
    if (!dropOthers) {
      patience.tell(`${what} is no longer configured: it slows every emit; --drop-indexes drops it`);
      continue;
    }
    const statement = `drop index concurrently if exists eventhub."${name}"`;
    await runStep(client, { op: "drop index", index: name, statement }, async () => undefined, patience);
    patience.tell(`dropped ${what}`);
  }
  // The planner learns the values of an expression only from a sample of rows.
  if (made) await client.query("analyze eventhub.events");
}

/** The statement that builds the index of a path. Its expression is that of schema/queries/fragments/value-at.ts. */
export function createStatement(path: string): string {
  const value = `jsonb_path_query_first(payload, ${literal(placeOf(path))}::jsonpath, '{}'::jsonb, true)`;
  const hash = `jsonb_hash_extended(${value}, 0::bigint)`;
  // With the id, so that the newest of many are found first. Without events that have nothing at the path.
  return `create index concurrently "${indexNameOf(path)}" on eventhub.events ((${hash}), id) where ${hash} is not null`;
}

/** The name of a path's index: the same for every spelling of the path. */
export const indexNameOf = (path: string): string =>
  `${PAYLOAD_INDEX_PREFIX}${createHash("sha256").update(placeOf(path)).digest("hex").slice(0, 16)}`;

function placeOf(path: string): string {
  const place = toPostgresPlace(path);
  if (place === undefined) throw new Error(`${path} cannot have an index`);
  return place;
}

const commentOf = (path: string) => `${PAYLOAD_INDEX_COMMENT}${path}`;

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

async function findIndexes(client: Client): Promise<FoundIndex[]> {
  const { rows } = await client.query<FoundIndex>(
    `select c.relname as name, i.indisvalid and i.indisready as sound, obj_description(c.oid, 'pg_class') as comment
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = 'eventhub.events'::regclass and starts_with(c.relname::text, $1) order by 1`,
    [PAYLOAD_INDEX_PREFIX],
  );
  return rows;
}
