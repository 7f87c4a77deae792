import { DatabaseError, Pool } from "pg";
import { EmitError } from "../../../schema/emit-error.ts";
import { Random } from "../random.ts";
import { ACTIONS, type Actor, SHARES } from "./actions.ts";
import { Died, openClient } from "./client.ts";
import { readViolations, startWatching } from "./watch.ts";
import { World } from "./world.ts";

const CLIENTS = 24;

export interface FuzzOptions {
  /** An empty, migrated database of its own. */
  url: string;
  seconds: number;
  seed: number;
  /** Ends it at its first violation. */
  untilFirst?: boolean;
}

export interface FuzzResult {
  violations: string[];
  /** How often each thing was done. */
  counts: Readonly<Record<string, number>>;
  /** Milliseconds to the first violation that was seen on the way. */
  firstAfterMs: number | undefined;
}

/** Two dozen clients run the hub's own statements against each other, with holds and deaths from a seed, while triggers and the world watch. */
export async function fuzzStatements({ url, seconds, seed, untilFirst = false }: FuzzOptions): Promise<FuzzResult> {
  const pool = new Pool({ connectionString: url, max: 8 });
  const world = new World(pool);
  const startedAt = Date.now();
  let firstAfterMs: number | undefined;
  try {
    await startWatching(pool);
    const running = () => Date.now() - startedAt < seconds * 1_000 && !(untilFirst && firstAfterMs !== undefined);
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, n) => {
        const random = new Random(`${seed}/${n}`);
        const database = await openClient(url, random);
        try {
          while (running()) {
            await act({ database, random, world });
            if (world.violations.length > 0) firstAfterMs ??= Date.now() - startedAt;
          }
        } finally {
          await database.close();
        }
      }),
    );
    return { violations: [...world.violations, ...(await readViolations(pool))], counts: world.counts, firstAfterMs };
  } finally {
    await pool.end();
  }
}

/** One action. What a statement refuses is a violation: all of them are legal, and none may deadlock. */
async function act(actor: Actor): Promise<void> {
  const name = actor.random.pick(SHARES) ?? "work";
  try {
    await ACTIONS[name](actor);
    actor.world.count(name);
  } catch (error) {
    if (error instanceof Died) return actor.world.count("died");
    if (error instanceof DatabaseError || error instanceof EmitError) {
      actor.world.violations.push(`${name}: ${error instanceof DatabaseError ? `${error.code} ` : ""}${error.message}`);
      return;
    }
    throw error;
  }
}
