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

/** Connections a database. Neon has more; here every further one only waits for the same two cores. */
const CONNECTIONS = 20;
const CONNECT_TIMEOUT_MS = 10_000;
const END_TIMEOUT_MS = 3_000;

/** Runs requests on one Postgres server: the one of `serverUrl`, in the database and as the user that each request names. */
export class NeonDatabases {
  readonly #server: string;
  readonly #pools = new Map<string, Pool>();

  constructor(serverUrl: string) {
    this.#server = serverUrl;
  }

  /** Runs the request's statements, and gives them up when `signal` aborts. Never throws. */
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
      // A lone BEGIN would hand its transaction to whoever gets this connection next.
      healthy = client.getTransactionStatus() === "I";
      return resultAnswer(request, results);
    } catch (error) {
      // After anything worse than an ERROR (FATAL, a lost connection) the status is that of before.
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
    // A pool waits for the connections that are out; whoever stops the endpoint does not.
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
    // Postgres may end any connection at any time, also one that is out: without a listener that ends this process.
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
      /** Whether a cancel was sent; it is over then, so that it hits nobody else's statement. */
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
      // It runs to its end, then: nobody waits for it.
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
    await client.query("rollback").catch(() => undefined); // fails where the connection is gone, and with it the transaction
    throw error;
  }
}

async function runOne(client: PoolClient, query: NeonQuery | undefined): Promise<QueryResult | QueryArrayResult> {
  const config = {
    text: query?.query ?? "",
    values: query?.params ?? [],
    // Values stay the text that Postgres sent: the driver at the other end does the parsing.
    types: { getTypeParser: () => (value: string) => value },
    // The extended protocol takes one statement a query, as Neon does; the simple one would run "a; b".
    queryMode: "extended",
  };
  return query?.arrayMode === false ? await client.query(config) : await client.query({ ...config, rowMode: "array" });
}
