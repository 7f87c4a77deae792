import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";

const dialect = new PgDialect();

/** The text of a statement. It is the same for all arguments of the function that makes it, so it identifies that function. */
export const textOf = (statement: SQL): string => dialect.sqlToQuery(statement).sql;

/** The parameters of a statement, in order. */
export const parametersOf = (statement: SQL): unknown[] => dialect.sqlToQuery(statement).params;
