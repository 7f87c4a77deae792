import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";

const dialect = new PgDialect();

/** The text of a statement: the same for whatever arguments its function is given, so two statements of one function are told by it. */
export const textOf = (statement: SQL): string => dialect.sqlToQuery(statement).sql;

/** The parameters of a statement, in their order. */
export const parametersOf = (statement: SQL): unknown[] => dialect.sqlToQuery(statement).params;
