import * as v from "valibot";
import { isLonger } from "../../text/unicode.ts";
import { MAX_PREFIX_LENGTH } from "../../vocabulary/limits.ts";
import type { DestinationKind } from "./kind.ts";
import { format, shared } from "./settings.ts";

const schema = v.pipe(
  v.strictObject({
    kind: v.literal("r2"),
    ...shared,
    format,
    /** The prefix of every object's key, e.g. `webhooks/`; default none. */
    prefix: v.optional(
      v.pipe(
        v.string(),
        v.check(
          (prefix) => !isLonger(prefix, MAX_PREFIX_LENGTH) && prefix.isWellFormed(),
          `must be text of at most ${MAX_PREFIX_LENGTH} characters`,
        ),
      ),
      "",
    ),
  }),
  v.description("a bucket binding; `prefix`"),
);

/** An R2 bucket that stores each payload as an object. */
export const r2 = {
  summary: "An R2 bucket that gets each payload as an object.",
  schema,
  binding: { class: "R2Bucket", method: "put", what: "an R2 bucket", pulumi: "r2_bucket", wrangler: "r2_buckets" },
  target: {
    /** The name of the bucket. */
    bucket: { is: "name", pulumi: "bucketName", wrangler: "bucket_name" },
  },
} as const satisfies DestinationKind<"r2">;
