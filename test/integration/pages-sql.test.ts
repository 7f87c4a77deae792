import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createDatabase } from "../support/database.ts";
import { PAGES } from "../support/pages.ts";

/** The pages whose SQL pages.test.ts checks in more detail. */
const ELSEWHERE = ["schema/README.md", "workers/hub/emit/README.md", "workflows/README.md"];

describe("what the guides say to copy", () => {
  test("as the consumer with Postgres does its work once for one key", async () => {
    const database = await createDatabase();
    const [, section = ""] = /## With Postgres(.*?)\n## /s.exec(PAGES.get("workflows/idempotency.md") ?? "") ?? [];
    const [, schema = ""] = /```sql\n(.*?)```/s.exec(section) ?? [];
    const [, template = ""] = /sql`(.*?)`;/s.exec(section) ?? [];
    let parameters = 0;
    const statement = template.replaceAll(/\$\{.*?\}/g, () => `$${++parameters}`);
    const handle = (key: string) => database.query<{ fresh: boolean }>(statement, [key, 12, "a"]);
    try {
      await database.query(
        `${schema} create table accounts (id text, balance int); insert into accounts values ('a', 0)`,
      );
      // At the same time, as two calls of one dispatch may be.
      const [one, other, third] = await Promise.all([handle("one"), handle("one"), handle("two")]);
      expect(
        [one, other]
          .flat()
          .map(({ fresh }) => fresh)
          .sort(),
      ).toEqual([false, true]);
      expect(third).toEqual([{ fresh: true }]);
      expect(await database.query("select balance from accounts")).toEqual([{ balance: 24 }]);
    } finally {
      await database.drop();
    }
  });

  test("as any other SQL is run by the database", async () => {
    const database = await createDatabase();
    const suffix = randomUUID().replaceAll("-", "");
    const roles = [`hub_a_${suffix}`, `hub_b_${suffix}`];
    // D1 is SQLite.
    const statements = [...PAGES].flatMap(([page, text]) =>
      ELSEWHERE.includes(page)
        ? []
        : [...text.replace(/## With D1.*?(?=\n## )/s, "").matchAll(/```sql\n(.*?)```/gs)].map(([, sql = ""]) => sql),
    );
    try {
      expect(statements.length).toBeGreaterThanOrEqual(6);
      await database.query(`create role ${roles[0]}; grant usage on schema eventhub to ${roles[0]};
        grant select on eventhub.events to ${roles[0]}`);
      for (const statement of statements)
        await database.query(statement.replaceAll(/hub_([ab])\b/g, (name) => `${name}_${suffix}`));
      // The promise of the page on secrets about the second role.
      expect(
        await database.query(`select has_table_privilege('${roles[1]}', 'eventhub.events', 'select') as may`),
      ).toEqual([{ may: true }]);
    } finally {
      await database.query(roles.map((role) => `drop owned by ${role}; drop role ${role}`).join("; "));
      await database.drop();
    }
  });
});
