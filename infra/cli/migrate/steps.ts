import { type Migration, withoutComments } from "./read-migrations.ts";

/** The unit of work: statements in one transaction, or one statement that Postgres runs only outside of a transaction. */
export type Step =
  | { readonly op: "transaction"; readonly statements: readonly string[] }
  | { readonly op: "create index"; readonly index: string; readonly statement: string }
  | { readonly op: "drop index"; readonly index: string; readonly statement: string };

const CREATE_INDEX =
  /^CREATE (UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?"?(\w+)"? ON "?eventhub"?\."?(\w+)"?/i;
const DROP_INDEX = /^DROP INDEX (?:CONCURRENTLY )?(?:IF EXISTS )?"?eventhub"?\."?(\w+)"?/i;
const CREATE_TABLE = /^CREATE TABLE (?:IF NOT EXISTS )?"?eventhub"?\."?(\w+)"?/i;
const ALTER_TABLE = /^ALTER TABLE "?eventhub"?\."?(\w+)"?/i;
const CONCURRENTLY = /^(CREATE (?:UNIQUE )?INDEX |DROP INDEX )CONCURRENTLY /i;
const ADD_CHECKED = /^ALTER TABLE (\S+) ADD CONSTRAINT (\S+) (?:FOREIGN KEY|CHECK)\b/i;

/** The whole migration in one transaction: if no table holds data, or if data does not make it slower. */
export function oneStep({ statements }: Migration): Step[] {
  const plain = statements.map((statement) => withoutComments(statement).replace(CONCURRENTLY, "$1"));
  return [{ op: "transaction", statements: plain }];
}

/**
 * The same migration for tables that hold data and are in use meanwhile. Indexes are built and dropped concurrently. Constraints are added unchecked,
 * and validated in a step of their own, which makes nobody wait. Each table is changed in a transaction of its own, so that none waits for the lock
 * of one table while it holds another.
 */
export function stepsOf({ statements }: Migration): Step[] {
  const fresh = new Set<string>();
  const steps: Step[] = [];
  let altered: { table: string; statements: string[] } | undefined;
  for (const whole of statements) {
    const statement = withoutComments(whole);
    const table = ALTER_TABLE.exec(statement)?.[1];
    const checked = ADD_CHECKED.exec(statement);
    if (table === undefined || checked !== null || altered?.table !== table) altered = undefined;
    const step = stepOf(statement, fresh);
    if (checked !== null) {
      steps.push({ op: "transaction", statements: [`${statement.replace(/;?\s*$/, "")} NOT VALID`] });
      steps.push({ op: "transaction", statements: [`ALTER TABLE ${checked[1]} VALIDATE CONSTRAINT ${checked[2]}`] });
    } else if (table !== undefined && altered !== undefined) {
      altered.statements.push(statement);
    } else if (table !== undefined) {
      altered = { table, statements: [statement] };
      steps.push({ op: "transaction", statements: altered.statements });
    } else {
      steps.push(step);
    }
  }
  return steps;
}

/** @param fresh The tables that this migration has made: nobody waits for them. */
function stepOf(statement: string, fresh: Set<string>): Step {
  const made = CREATE_TABLE.exec(statement)?.[1];
  if (made !== undefined) fresh.add(made);
  const [, unique = "", index, table] = CREATE_INDEX.exec(statement) ?? [];
  if (index !== undefined && table !== undefined && !fresh.has(table)) {
    const rest = statement.slice(statement.search(/ ON /i));
    return { op: "create index", index, statement: `CREATE ${unique}INDEX CONCURRENTLY "${index}"${rest}` };
  }
  const dropped = DROP_INDEX.exec(statement)?.[1];
  if (dropped !== undefined) {
    const name = `"eventhub"."${dropped}"`;
    return { op: "drop index", index: dropped, statement: `DROP INDEX CONCURRENTLY IF EXISTS ${name}` };
  }
  return { op: "transaction", statements: [statement] };
}

/**
 * The statements of a migration that would make readers and writers of a table wait if they did not run in steps, for the repository's check. Indexes
 * and constraints of tables that the migration itself makes are not among them.
 */
export function blockingStatements({ statements }: Migration): string[] {
  const fresh = new Set<string>();
  return statements.map(withoutComments).filter((statement) => {
    const step = stepOf(statement, fresh);
    const constrained = ADD_CHECKED.test(statement) && !fresh.has(ALTER_TABLE.exec(statement)?.[1] ?? "");
    return step.op !== "transaction" || constrained;
  });
}
