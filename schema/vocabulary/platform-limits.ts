/** Every limit of Cloudflare, Neon and Postgres that the code relies on, each with its source. Our own are in limits.ts. */

/** How long work may go on after an answer, in milliseconds. @see https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil */
export const MAX_WAIT_UNTIL_MS = 30_000;

/** The longest sleep of a Workflow, in seconds: 365 days. @see https://developers.cloudflare.com/workflows/reference/limits/ */
export const MAX_SLEEP_SECONDS = 31_536_000;

/** The largest parameters of a Workflow instance, in bytes: 1 MiB. @see https://developers.cloudflare.com/workflows/reference/limits/ */
export const MAX_WORKFLOW_PARAMETER_BYTES = 1024 * 1024;

/** The longest name of a Workflow, in characters. @see https://developers.cloudflare.com/workflows/reference/limits/ */
export const MAX_WORKFLOW_NAME_LENGTH = 64;

/**
 * The longest retention of a Workflow's finished instances, in milliseconds: 30 days. @see
 * https://developers.cloudflare.com/workflows/reference/limits/
 */
export const MAX_WORKFLOW_RETENTION_MS = 30 * 86_400_000;

/**
 * The most instances in one `createBatch`. Its other limit is 1 MiB, which 100 groups of 100 ids (about 600 KB) do not reach.
 * @see https://developers.cloudflare.com/workflows/build/workers-api/#createbatch
 */
export const MAX_CREATED_INSTANCES = 100;

/**
 * The largest message of a Queue, in bytes: the platform's 128 KB, less a margin for what it counts itself. @see
 * https://developers.cloudflare.com/queues/platform/limits/
 */
export const MAX_QUEUE_MESSAGE_BYTES = 127_000;

/** The size of the chunks in which a Queue's message is billed, in bytes. @see https://developers.cloudflare.com/queues/platform/pricing/ */
export const BILLED_MESSAGE_BYTES = 64_000;

/**
 * The most bytes in one `sendBatch`: the platform's 256 KB, less a margin for what it counts itself. @see
 * https://developers.cloudflare.com/queues/platform/limits/
 */
export const MAX_SEND_BATCH_BYTES = 240_000;

/** The most messages in one `sendBatch`. @see https://developers.cloudflare.com/queues/platform/limits/ */
export const MAX_SEND_BATCH_MESSAGES = 100;

/** The largest request and the largest answer of Neon's HTTP endpoint, in bytes: 64 MiB. @see https://neon.com/docs/serverless/serverless-driver */
export const MAX_NEON_BYTES = 64 * 1024 * 1024;

/** The most parameters of one statement: Postgres' protocol counts them in 16 bits. @see https://www.postgresql.org/docs/current/limits.html */
export const MAX_STATEMENT_PARAMETERS = 65_535;

/** The largest `integer` of Postgres. @see https://www.postgresql.org/docs/current/datatype-numeric.html */
export const MAX_POSTGRES_INTEGER = 2_147_483_647;

/**
 * The oldest compatibility date with which a Worker can call the methods of another. @see
 * https://developers.cloudflare.com/workers/configuration/compatibility-flags/#workers-rpc
 */
export const MIN_COMPATIBILITY_DATE = "2024-04-03";
