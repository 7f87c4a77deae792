import type { Client } from "pg";

/** The role for services that may call `eventhub.emit` and nothing else. */
export const PRODUCER_ROLE = "eventhub_producer";

const RIGHTS = `
  select r.oid is not null as there,
    case when r.oid is not null then has_schema_privilege(r.oid, 'eventhub', 'usage') end as usage,
    case when r.oid is not null then not exists (select from pg_proc p
      where p.pronamespace = to_regnamespace('eventhub') and p.proname = 'emit' and not has_function_privilege(r.oid, p.oid, 'execute')) end as execute
  from (values (1)) as one left join pg_roles r on r.rolname = '${PRODUCER_ROLE}'`;

/** What the role for producers in SQL lacks, and what to run; `undefined` if it lacks nothing. The hub itself does not need the role. */
export async function producerRoleLacks(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ there: boolean; usage: boolean | null; execute: boolean | null }>(RIGHTS);
  const [{ there, usage, execute } = { there: false, usage: null, execute: null }] = rows;
  const missing = [
    ...(there ? [] : [`create role ${PRODUCER_ROLE} nologin`]),
    ...(usage === true ? [] : [`grant usage on schema eventhub to ${PRODUCER_ROLE}`]),
    ...(execute === true ? [] : [`grant execute on function eventhub.emit to ${PRODUCER_ROLE}`]),
  ];
  if (missing.length === 0) return undefined;
  return `the role ${PRODUCER_ROLE}, for services that emit in SQL, ${there ? "lacks rights" : "is missing, and migrate may not create it"}: if there are such services, let an administrator run: ${missing.join("; ")}`;
}
