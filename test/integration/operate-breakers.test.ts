import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../schema/database/connection.ts";
import {
  type BreakerRule,
  closeBreakers,
  settleProbes,
  startProbes,
  tripBreakers,
} from "../../schema/queries/destinations/decide-breakers.ts";
import { pauseDestination } from "../../workers/hub/operator/pause-destination.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertDispatch } from "../support/dispatch-rows.ts";
import { insertHistory, operatorOn } from "../support/history.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const NAME = "SCRIPTED";
const rule: BreakerRule = { name: NAME, failures: 1, seconds: 60, probeSeconds: 30 };
const neon = () => openDatabase(database);
const answered = async (result: "complete" | "failed", secondsAgo = 0) => {
  const [row] = await insertHistory(database, [{ status: result, destination: NAME }]);
  await database.query(
    "insert into eventhub.executions values ($1, 1, $2, 'HTTP 503', 'instance', now(), now() - make_interval(secs => $3))",
    [row?.id, result, secondsAgo],
  );
};
const tripped = async () => {
  await answered("failed", 1);
  expect(await neon().run(tripBreakers([rule]))).toEqual([{ name: NAME }]);
};
const destination = async () => {
  const [row] = await database.query<{
    paused_by: string | null;
    probe_dispatch: string | null;
    seconds_to_probe: number | null;
  }>(
    "select paused_by, probe_dispatch, extract(epoch from probe_at - now())::float8 as seconds_to_probe from eventhub.destinations where name = $1",
    [NAME],
  );
  return row;
};

describe("a breaker that has tripped", () => {
  test("closes when a call succeeds after all", async () => {
    await tripped();
    expect(await neon().run(closeBreakers())).toEqual([]);
    await answered("complete");
    expect(await neon().run(closeBreakers())).toEqual([{ name: NAME }]);
    expect(await destination()).toMatchObject({ paused_by: null });
  });

  test("and that an operator has taken over stays paused, however well calls in flight end then", async () => {
    await tripped();
    const operator = operatorOn(database);
    await pauseDestination(operator, operator.routes().config, NAME, "maintenance", {});
    await answered("complete");
    expect(await neon().run(closeBreakers())).toEqual([]);
    expect(await destination()).toMatchObject({ paused_by: "operator" });
  });
});

describe("a probe", () => {
  const TIMEOUT = 30;
  const probing = async () => {
    await tripped();
    const id = await insertDispatch(database, { timeout_seconds: TIMEOUT });
    await database.query("update eventhub.destinations set probe_at = now()");
    expect(await neon().run(startProbes())).toMatchObject([{ id }]);
    return id;
  };
  const since = (seconds: number) =>
    database.query("update eventhub.destinations set probed_at = now() - make_interval(secs => $1)", [seconds]);

  test("that is not answered is waited for, for its timeout and ten minutes: then the next one is due", async () => {
    const id = await probing();
    await since(TIMEOUT + 540);
    await neon().run(settleProbes([rule]));
    expect(await destination()).toMatchObject({ probe_dispatch: id });
    await since(TIMEOUT + 601);
    await neon().run(settleProbes([rule]));
    const after = await destination();
    expect(after).toMatchObject({ paused_by: "breaker", probe_dispatch: null });
    expect(after?.seconds_to_probe).toBeGreaterThan(0);
    expect(after?.seconds_to_probe).toBeLessThanOrEqual(rule.probeSeconds);
  });

  test("that failed ends with its attempt, and the next one is due", async () => {
    const id = await probing();
    await database.query("update eventhub.dispatches set attempts = 1 where id = $1", [id]);
    await neon().run(settleProbes([rule]));
    expect(await destination()).toMatchObject({ paused_by: "breaker", probe_dispatch: null });
  });
});
