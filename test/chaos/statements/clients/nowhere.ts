import type { World } from "../world.ts";

/** Which of the answered ids do not exist, and have not been deleted. */
export async function nowhere({ admin }: World, ids: readonly string[]): Promise<string[]> {
  const { rows } = await admin.query<{ id: string }>(
    `select id from unnest($1::uuid[]) as asked(id)
     where not exists (select from eventhub.events e where e.id = asked.id)
       and not exists (select from eventhub.dispatches d where d.id = asked.id)
       and not exists (select from fuzz.removed r where r.id = asked.id)`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
