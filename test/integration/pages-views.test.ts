import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

interface Relation {
  name: string;
  kind: "r" | "v";
  comment: string;
  columns: { name: string; type: string; comment: string }[];
}

const RELATIONS = `
  select c.relname as name, c.relkind as kind, obj_description(c.oid) as comment,
    json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null), 'comment', col_description(c.oid, a.attnum))
      order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'eventhub'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped
  group by c.oid, c.relname, c.relkind order by c.relname`;

/** Text for a cell of a table. */
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const rowsOf = ({ columns }: Relation) =>
  columns.map(
    ({ name, type, comment }) => `| \`${name}\` | ${type.replace(" with time zone", "")} | ${cell(comment)} |`,
  );

/** The section of a view. A view with the columns of another names that one. */
function sectionOf(view: Relation, before: readonly Relation[]): string {
  const same = before.find((other) => rowsOf(other).join() === rowsOf(view).join());
  const columns =
    same === undefined
      ? `| column | type | |\n|---|---|---|\n${rowsOf(view).join("\n")}`
      : `The columns are those of \`${same.name}\`.`;
  return `## ${view.name}\n\n${view.comment}\n\n${columns}`;
}

/** The page, made of the database's own comments: `vitest -u` writes it again. */
function page(relations: readonly Relation[]): string {
  const views = relations.filter(({ kind }) => kind === "v");
  const tables = relations.filter(({ kind }) => kind === "r");
  return `# Tables and views

What can you ask the schema \`eventhub\` in SQL? [Questions operators ask](README.md) has examples. Use the views first: they
are made for people. For the columns of a table, use \`\\d+ eventhub.dispatches\` in \`psql\`.

${views.map((view, n) => sectionOf(view, views.slice(0, n))).join("\n\n")}

## The tables

| table | |
|---|---|
${tables.map(({ name, comment }) => `| \`${name}\` | ${cell(comment)} |`).join("\n")}
`;
}

test("the page of tables and views is what the database says of itself", async () => {
  await expect(page(await database.query<Relation & Record<string, unknown>>(RELATIONS))).toMatchFileSnapshot(
    "../../schema/views.md",
  );
});
