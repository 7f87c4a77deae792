/** What people and Workers may do through the hub's entrypoint for operators. */
export const ROLES = {
  /** May do everything. */
  operator: { acts: true },
  /** May look and preview. Every action that changes something is refused. */
  reader: { acts: false },
} as const satisfies Readonly<Record<string, { readonly acts: boolean }>>;

/** A key of {@link ROLES}. */
export type Role = keyof typeof ROLES;
