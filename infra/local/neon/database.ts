import {
  Client,
  type ClientConfig,
  DatabaseError,
  Pool,
  type PoolClient,
  type QueryArrayResult,
  type QueryResult,
} from "pg";
import { errorAnswer, type NeonAnswer, plainError, resultAnswer } from "./answer.ts";
import type { NeonQuery, NeonRequest } from "./request.ts";

/** The most connections per database. Neon allows more, but here further ones would only wait for the same two cores. */
const CONNECTIONS = 20;
const CONNECT_TIMEOUT_MS = 10_000;
const END_TIMEOUT_MS = 3_000;

/** Runs requests on one Postgres server, `serverUrl`, in the database and as the user that each request names. */
export class NeonDatabases {
  readonly #server: string;
  readonly #pools = new Map<string, Pool>();

  constructor(serverUrl: string) {
    this.#server = serverUrl;
  }

  /** Runs the request's statements, and abandons them when `signal` aborts. Never throws. */
  async run(request: NeonRequest, signal: AbortSignal): Promise<NeonAnswer> {
    let client: PoolClient;
    try {
      client = await this.#poolFor(request).connect();
    } catch (error) {
      return errorAnswer(error, "connect");
    }
    const cancelling = this.#cancelOn(signal, client, request);
    let healthy = false;
    try {
      signal.throwIfAborted(); // the client hung up while this waited for a connection
      const results = request.batch
        ? await runBatch(client, request, signal)
        : [await runOne(client, request.queries[0])];
      // A lone BEGIN would pass its transaction on to the next user of this connection.
      healthy = client.getTransactionStatus() === "I";
      return resultAnswer(request, results);
    } catch (error) {
      // After anything worse than an ERROR (FATAL, a lost connection), the status is outdated.
      healthy = error instanceof DatabaseError && error.severity === "ERROR" && client.getTransactionStatus() === "I";
      if (signal.aborted) return plainError(500, "Query cancelled, connection was terminated");
      return errorAnswer(error, "run");
    } finally {
      const cancelled = await cancelling.settle();
      client.release(cancelled || !healthy);
    }
  }

  /** Ends all connections. */
  async end(): Promise<void> {
    const ended = Promise.all([...this.#pools.values()].map((pool) => pool.end()));
    // A pool waits for the connections in use, but stopping the endpoint must not wait for them.
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, END_TIMEOUT_MS).unref())]);
  }

  #config({ database, user, password }: NeonRequest): ClientConfig {
    const url = new URL(this.#server); // with its own host, port and parameters, such as sslmode
    url.pathname = `/${encodeURIComponent(database)}`;
    url.username = encodeURIComponent(user);
    url.password = encodeURIComponent(password);
    return {
      connectionString: url.href,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: "neon-endpoint",
    };
  }

  #poolFor(request: NeonRequest): Pool {
    const key = JSON.stringify([request.database, request.user, request.password]);
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const pool = new Pool({ ...this.#config(request), max: CONNECTIONS, idleTimeoutMillis: 10_000 });
    // Postgres may end any connection at any time, even one in use: without a listener, that would end this process.
    pool.on("error", () => undefined);
    pool.on("connect", (client) => client.on("error", () => undefined));
    this.#pools.set(key, pool);
    return pool;
  }

  #cancelOn(signal: AbortSignal, client: PoolClient, request: NeonRequest) {
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      cancelling = this.#cancel(request, (client as unknown as { processID: number }).processID);
    };
    signal.addEventListener("abort", cancel, { once: true });
    return {
      /** Whether a cancel was sent. By then it has ended, so that it cannot hit somebody else's statement. */
      async settle(): Promise<boolean> {
        signal.removeEventListener("abort", cancel);
        await cancelling;
        return cancelling !== undefined;
      },
    };
  }

  async #cancel(request: NeonRequest, pid: number): Promise<void> {
    const client = new Client({ ...this.#config(request), query_timeout: CONNECT_TIMEOUT_MS });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query("select pg_cancel_backend($1)", [pid]);
    } catch {
      // Then the statement runs to its end, and nobody waits for it.
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function runBatch(client: PoolClient, request: NeonRequest, signal: AbortSignal) {
  const modes = [
    ...(request.isolationLevel === undefined ? [] : [`isolation level ${request.isolationLevel}`]),
    ...(request.readOnly ? ["read only"] : []),
    ...(request.deferrable ? ["deferrable"] : []),
  ];
  await client.query(`begin ${modes.join(", ")}`);
  try {
    const results: (QueryResult | QueryArrayResult)[] = [];
    for (const query of request.queries) {
      signal.throwIfAborted();
      results.push(await runOne(client, query));
    }
    await client.query("commit");
    return results;
  } catch (error) {
    await client.query("rollback").catch(() => undefined); // fails if the connection is gone, and the transaction with it
    throw error;
  }
}

async function runOne(client: PoolClient, query: NeonQuery | undefined): Promise<QueryResult | QueryArrayResult> {
  const config = {
    text: query?.query ?? "",
    values: query?.params ?? [],
    // Values stay in the text form of Postgres: the driver at the other end parses them.
    types: { getTypeParser: () => (value: string) => value },
    // The extended protocol takes one statement per query, as Neon does; the simple one would run "a; b".
    queryMode: "extended",
  };
  return query?.arrayMode === false ? await client.query(config) : await client.query({ ...config, rowMode: "array" });
}
