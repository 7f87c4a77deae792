import type { Pool } from "pg";
import type { Member } from "../../../schema/queries/claim-dispatches.ts";

/** How long a claim that holds all its locks may take, in milliseconds: a pause that is answered within comes after it. */
const CLAIM_MS = 1_000;

/** What the fuzzer looks at beside its clients, and what it has found. */
export class World {
  readonly violations: string[] = [];
  readonly counts: Record<string, number> = {};
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  async someOngoing(destination: string): Promise<Member[]> {
    return (
      await this.#pool.query<Member>(
        "select id, generation from eventhub.dispatches where status = 'ongoing' and destination = $1 and instance_id is null order by id limit 16",
        [destination],
      )
    ).rows;
  }

  async someFinal(): Promise<string[]> {
    const { rows } = await this.#pool.query<{ id: string }>(
      "select id from eventhub.dispatches where status in ('failed', 'cancelled', 'lost') order by id limit 20",
    );
    return rows.map(({ id }) => id);
  }

  async sqlEmit(key: string): Promise<void> {
    await this.#pool.query("select eventhub.emit('{}', $1)", [key]);
  }

  /** What emit() answered was stored: the triggers keep the ids of all that ever was. */
  async checkEmitted(ids: readonly string[]): Promise<void> {
    const { rows } = await this.#pool.query<{ id: string }>(
      "select a.id from unnest($1::uuid[]) a(id) where not exists (select from fuzz.stored s where s.id = a.id)",
      [ids],
    );
    for (const { id } of rows) this.violations.push(`emit() answered ${id}, which was never stored`);
    this.count("emitted");
  }

  /** An answered pause is in the table with the moment of its answer. */
  async paused(name: string): Promise<void> {
    await this.#pool.query(
      "insert into fuzz.pauses (name, at) select name, clock_timestamp() from eventhub.destinations where name = $1 and paused_at is not null",
      [name],
    );
    this.count("paused");
  }

  /** No claim that says mine may have taken its last lock after a pause was answered which still stands. */
  async checkClaimed(ids: readonly string[], token: string, destination: string): Promise<void> {
    if (ids.length === 0) return;
    const { rows } = await this.#pool.query<{ detail: string }>(
      `select format('%s of %s was claimed at %s, paused since %s', t.dispatch_id, $3::text, t.at, p.at) as detail
       from fuzz.claims t join fuzz.pauses p on p.name = $3 and p.at < t.at - interval '${CLAIM_MS} milliseconds'
       where t.dispatch_id = any($1) and t.claim = $2
         and exists (select from eventhub.destinations d where d.name = $3 and d.paused_by = 'operator' and d.paused_at < p.at)`,
      [ids, token, destination],
    );
    this.violations.push(...rows.map(({ detail }) => detail));
    this.count("claimed");
  }
}
