import { type SQL, sql } from "drizzle-orm";
import { PAYLOAD_INDEX_COMMENT, PAYLOAD_INDEX_PREFIX } from "../../payload/payload-index.ts";

/** The paths into payloads with a complete index. An index that is being built, or whose build was interrupted, does not count. */
export function readPayloadIndexes(): SQL<{ path: string }> {
  return sql<{ path: string }>`
    select substr(said.text, ${PAYLOAD_INDEX_COMMENT.length + 1}::int) as path
    from pg_index i
    join pg_class c on c.oid = i.indexrelid,
    lateral (select obj_description(c.oid, 'pg_class') as text) said
    where i.indrelid = 'eventhub.events'::regclass and i.indisvalid and i.indisready
      and starts_with(c.relname::text, ${PAYLOAD_INDEX_PREFIX}) and starts_with(said.text, ${PAYLOAD_INDEX_COMMENT})
    order by 1`;
}
