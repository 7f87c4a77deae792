/** The tests that run on every Node which the package supports: its commands, as they are built and installed. */
export const OF_PACKAGE: readonly string[] = ["test/integration/package.test"];

/**
 * The tests that another Node could change: commands and their processes, files, streams, the local stack, and workerd started from Node. They are
 * TypeScript, which needs Node 24 or later.
 */
export const OF_NODE: readonly string[] = [
  "test/unit/cli",
  "test/unit/dev",
  "test/unit/doctor",
  "test/unit/infra",
  "test/unit/init",
  "test/unit/project",
  "test/unit/routing/cli",
  "test/unit/demo-options",
  "test/unit/ops-follow",
  "test/unit/transform.test",
  "test/integration/commands-hostile",
  "test/integration/dev.test",
  "test/integration/emit.test",
  "test/integration/local-postgres",
  "test/integration/migrate.test",
  "test/integration/neon-endpoint",
  "test/integration/operate-cli",
  "test/integration/routes-diff",
  "test/integration/stack-killed",
];

/** The tests that another PostgreSQL could change: migrations, SQL, plans, locks and queries. */
export const OF_POSTGRES: readonly string[] = [
  "test/integration/claims",
  "test/integration/comments",
  "test/integration/emit-sql",
  "test/integration/emit-stored",
  "test/integration/limits-sql",
  "test/integration/lock-order",
  "test/integration/migrate",
  "test/integration/operate-bulk",
  "test/integration/operate-reads",
  "test/integration/operate-retention",
  "test/integration/plans",
  "test/integration/reconcile-rows",
  "test/integration/settings",
  "test/integration/statements-fuzz",
];
