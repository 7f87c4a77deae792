import { holdRows } from "./clients/bystander.ts";
import { deliver } from "./clients/executor.ts";
import {
  cancelOne,
  cancelSome,
  pauseAndResume,
  replaySome,
  retryOne,
  retrySome,
  routeSome,
} from "./clients/operator.ts";
import { emitKeyed, emitPlain } from "./clients/producer.ts";
import { drainAll, requeue, rescue, tendBreakers } from "./clients/reconciler.ts";
import { expireSome } from "./clients/retention.ts";
import { emitInSql } from "./clients/sql-producer.ts";
import type { Deed } from "./world.ts";

/** The clients that take part, and how many of each. */
export const CLIENTS: Readonly<Record<string, { deed: Deed; clients: number }>> = {
  "emit, keys of their own": { deed: emitKeyed, clients: 4 },
  "emit, one key or none": { deed: emitPlain, clients: 2 },
  "emit in SQL": { deed: emitInSql, clients: 2 },
  "route what was emitted in SQL": { deed: routeSome, clients: 1 },
  "claim and record": { deed: deliver, clients: 6 },
  requeue: { deed: requeue, clients: 1 },
  rescue: { deed: rescue, clients: 1 },
  breakers: { deed: tendBreakers, clients: 1 },
  drain: { deed: drainAll, clients: 1 },
  "pause and resume": { deed: pauseAndResume, clients: 3 },
  "cancel one": { deed: cancelOne, clients: 1 },
  "cancel some": { deed: cancelSome, clients: 1 },
  "retry one": { deed: retryOne, clients: 1 },
  "retry some": { deed: retrySome, clients: 1 },
  "replay some": { deed: replaySome, clients: 1 },
  expire: { deed: expireSome, clients: 2 },
  "hold rows": { deed: holdRows, clients: 4 },
};
