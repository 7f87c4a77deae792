/** Every limit of Cloudflare's, Neon's and Postgres' that the code relies on, each with its source. Our own are in limits.ts. */

/** How long work goes on beside an answer, in milliseconds. @see https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil */
export const MAX_WAIT_UNTIL_MS = 30_000;

/** Longest sleep of a Workflow, in seconds: 365 days. @see https://developers.cloudflare.com/workflows/reference/limits/ */
export const MAX_SLEEP_SECONDS = 31_536_000;

/** Largest parameters of a Workflow instance, in bytes: 1 MiB. @see https://developers.cloudflare.com/workflows/reference/limits/ */
export const MAX_WORKFLOW_PARAMETER_BYTES = 1024 * 1024;

/** Longest name of a Workflow, in characters. @see https://developers.cloudflare.com/workflows/reference/limits/ */
export const MAX_WORKFLOW_NAME_LENGTH = 64;

/** Longest retention of a Workflow's finished instances, in milliseconds: 30 days. @see https://developers.cloudflare.com/workflows/reference/limits/ */
export const MAX_WORKFLOW_RETENTION_MS = 30 * 86_400_000;

/**
 * Most instances in one `createBatch`; it also ends at 1 MiB, which 100 groups of 100 ids (about 600 KB) do not reach.
 * @see https://developers.cloudflare.com/workflows/build/workers-api/#createbatch
 */
export const MAX_CREATED_INSTANCES = 100;

/** Largest message of a Queue, in bytes: the platform's 128 KB, less room for what it counts itself. @see https://developers.cloudflare.com/queues/platform/limits/ */
export const MAX_QUEUE_MESSAGE_BYTES = 127_000;

/** What a Queue's message is billed in chunks of, in bytes. @see https://developers.cloudflare.com/queues/platform/pricing/ */
export const BILLED_MESSAGE_BYTES = 64_000;

/** Most bytes in one `sendBatch`: the platform's 256 KB, less room for what it counts itself. @see https://developers.cloudflare.com/queues/platform/limits/ */
export const MAX_SEND_BATCH_BYTES = 240_000;

/** Most messages in one `sendBatch`. @see https://developers.cloudflare.com/queues/platform/limits/ */
export const MAX_SEND_BATCH_MESSAGES = 100;

/** Largest request and largest answer of Neon's HTTP endpoint, in bytes: 64 MiB. @see https://neon.com/docs/serverless/serverless-driver */
export const MAX_NEON_BYTES = 64 * 1024 * 1024;

/** Most parameters of one statement: Postgres' protocol counts them in 16 bits. @see https://www.postgresql.org/docs/current/limits.html */
export const MAX_STATEMENT_PARAMETERS = 65_535;

/** Largest `integer` of Postgres. @see https://www.postgresql.org/docs/current/datatype-numeric.html */
export const MAX_POSTGRES_INTEGER = 2_147_483_647;

/** Oldest compatibility date with which a Worker can call another one's methods. @see https://developers.cloudflare.com/workers/configuration/compatibility-flags/#workers-rpc */
export const MIN_COMPATIBILITY_DATE = "2024-04-03";
