import { Client } from "pg";

/** Runs statements one after the other over a connection of their own: what makes and drops databases runs in no transaction. */
export async function runStatements(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 60_000 });
  client.on("error", () => undefined); // the statement that fails for it says so itself
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
