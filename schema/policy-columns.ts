/** The columns of the table `dispatches` that store a policy, from the policy's own table. */
import type { HasDefault, NotNull } from "drizzle-orm";
import { boolean, integer, jsonb, text } from "drizzle-orm/pg-core";
import { POLICY, POLICY_MEMBERS, type PolicyColumns, type PolicyTypes } from "./config/policy.ts";

const COLUMNS = {
  text: (name: string) => text(name),
  int: (name: string) => integer(name),
  boolean: (name: string) => boolean(name),
  jsonb: (name: string) => jsonb(name).$type<PolicyTypes["jsonb"]>(),
} satisfies Record<keyof PolicyTypes, unknown>;

type Made<Column extends PolicyColumns[keyof PolicyColumns]> = ReturnType<(typeof COLUMNS)[Column["type"]]>;

type ColumnOf<Column extends PolicyColumns[keyof PolicyColumns]> = Column extends { null: true }
  ? Made<Column>
  : Column extends { default: unknown }
    ? HasDefault<NotNull<Made<Column>>>
    : NotNull<Made<Column>>;

function columnOf(member: keyof PolicyColumns) {
  const definition: { name: string; type: keyof PolicyTypes; null?: true; default?: boolean } = POLICY[member];
  const column = COLUMNS[definition.type](definition.name);
  if (definition.null) return column;
  return definition.default === undefined ? column.notNull() : column.notNull().default(definition.default as never);
}

export const policyTableColumns = Object.fromEntries(POLICY_MEMBERS.map((member) => [member, columnOf(member)])) as {
  [M in keyof PolicyColumns]: ColumnOf<PolicyColumns[M]>;
};
