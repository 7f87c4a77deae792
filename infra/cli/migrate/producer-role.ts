import type { Client } from "pg";

/** The role that a service is given to call `eventhub.emit` and nothing else. */
export const PRODUCER_ROLE = "eventhub_producer";

const RIGHTS = `
  select r.oid is not null as there,
    case when r.oid is not null then has_schema_privilege(r.oid, 'eventhub', 'usage') end as usage,
    case when r.oid is not null then not exists (select from pg_proc p
      where p.pronamespace = to_regnamespace('eventhub') and p.proname = 'emit' and not has_function_privilege(r.oid, p.oid, 'execute')) end as execute
  from (values (1)) as one left join pg_roles r on r.rolname = '${PRODUCER_ROLE}'`;

/** What the role that producers in SQL are given lacks, with what to run; `undefined` if it has everything. The hub itself needs it not. */
export async function producerRoleLacks(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ there: boolean; usage: boolean | null; execute: boolean | null }>(RIGHTS);
  const [{ there, usage, execute } = { there: false, usage: null, execute: null }] = rows;
  const missing = [
    ...(there ? [] : [`create role ${PRODUCER_ROLE} nologin`]),
    ...(usage === true ? [] : [`grant usage on schema eventhub to ${PRODUCER_ROLE}`]),
    ...(execute === true ? [] : [`grant execute on function eventhub.emit to ${PRODUCER_ROLE}`]),
  ];
  if (missing.length === 0) return undefined;
  return `the role ${PRODUCER_ROLE}, for services that emit in SQL, ${there ? "lacks rights" : "is missing, and we may not make it"}: let an administrator run, if there are such services: ${missing.join("; ")}`;
}
