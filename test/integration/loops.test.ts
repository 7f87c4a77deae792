import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventDetail } from "../../schema/contract/operator.ts";
import { MAX_HOPS } from "../../schema/vocabulary/limits.ts";
import { opsEnv, printed } from "../support/ops.ts";
import { DOCUMENTS } from "../support/pages.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem({ console: { LOCAL_ACTOR: "ada@example.com" } });
});
afterAll(() => system?.stop());

interface Link {
  id: string;
  caused_by: string | null;
  hops: number;
  status: string;
  attempts: number;
  reason: string | null;
}

/** The events of a circle whose payloads hold `mark`, once all their dispatches are final. */
const circle = (mark: string): Promise<Link[]> =>
  eventually(async () => {
    const rows = await system.database.query<Link>(
      `select e.id, e.caused_by, e.hops, d.status, d.attempts, d.reason
       from eventhub.events e join eventhub.dispatches d on d.event_id = e.id where e.payload->>'mark' = $1 order by e.hops`,
      [mark],
    );
    return rows.length > 0 && rows.every(({ status }) => status !== "ongoing") ? rows : undefined;
  }, `the circle ${mark} has ended`);

/** A payload whose consumer emits it again and again. */
function endless(mark: string): Record<string, unknown> {
  const again: Record<string, unknown> = { to: "SCRIPTED", mark };
  // It must be nested as deeply as the payloads go round, and deeper than they may.
  let payload: Record<string, unknown> = again;
  for (let round = 0; round < MAX_HOPS + 3; round++) payload = { ...again, script: [{ emit: [payload] }] };
  return payload;
}

describe("a consumer that emits what comes back to it, with its context,", () => {
  let links: Link[];
  beforeAll(async () => {
    await system.emit(endless("circle"));
    links = await circle("circle");
  });

  test("is refused at the limit, and its dispatch has failed at once with the reason", () => {
    expect(links.map(({ hops, status, attempts }) => ({ hops, status, attempts }))).toEqual(
      Array.from({ length: MAX_HOPS + 1 }, (_, hops) => ({
        hops,
        status: hops === MAX_HOPS ? "failed" : "complete",
        attempts: 1,
      })),
    );
    const { id, reason } = links.at(-1) as Link;
    expect(reason).toMatch(/^\w*Error: \[loop\] /);
    expect(reason?.replace(/^\w*Error: /, "")).toBe(
      `[loop] event ${id} has 8 hops behind it, and at most 8 are allowed: events cause each other in a circle`,
    );
  });

  test("leaves events that say which one caused them, and consumers are told how far they are", async () => {
    expect(links.map(({ caused_by }) => caused_by)).toEqual([null, ...links.slice(0, -1).map(({ id }) => id)]);
    const [call] = await system.calls(links[5]?.id);
    expect(call?.context.hops).toBe(5);
  });

  test("is shown to operators: what led to an event, and what it caused, over RPC, in the console and on the command line", async () => {
    const ids = links.map(({ id }) => id);
    const [id, cause, next] = [ids[3] ?? "", ids[2] ?? "", ids[4] ?? ""];
    const event = await system.operate<EventDetail>("getEvent", id);
    expect(event.causedBy).toBe(cause);
    expect(event.ancestors.map(({ id, hops }) => ({ id, hops }))).toEqual(
      ids.slice(0, 3).map((id, hops) => ({ id, hops })),
    );
    expect(event.caused).toEqual([{ id: next, hops: 4, createdAt: expect.any(String) }]);

    const page = await (await fetch(`${system.origin}/events/${id}`)).text();
    const linked = [...page.matchAll(/href="\/events\/([0-9a-f-]{36})"/g)].map(([, linked]) => linked);
    expect(linked).toEqual([cause, ...ids.slice(0, 3), next]);

    const text = await printed(opsEnv(system.database), "event", id);
    for (const shown of [...ids.slice(0, 3), next]) expect(text).toContain(shown);
    const told = JSON.parse(await printed(opsEnv(system.database), "--json", "event", id));
    expect(told).toEqual(JSON.parse(JSON.stringify(event)));
  });

  test("is shown as far as it is there, once retention has taken its beginning", async () => {
    const [first, second, third] = links;
    await system.database.query(
      "delete from eventhub.executions where dispatch_id in (select id from eventhub.dispatches where event_id = $1)",
      [second?.id],
    );
    await system.database.query("delete from eventhub.dispatches where event_id = $1", [second?.id]);
    await system.database.query("delete from eventhub.events where id = $1", [second?.id]);
    expect(await system.operate("getEvent", third?.id)).toMatchObject({ causedBy: second?.id, ancestors: [] });
    expect(await system.operate("getEvent", first?.id)).toMatchObject({ causedBy: null, ancestors: [], caused: [] });
  });
});

test("a consumer that emits twice what comes back to it makes no more than the limit's doubling", async () => {
  // Each event makes two events per hop, and each chain ends by itself, wherever in the tree it is.
  const leaf = { to: "SCRIPTED", mark: "tree" };
  let payload: Record<string, unknown> = leaf;
  for (let round = 0; round < 3; round++) payload = { ...leaf, script: [{ emit: [payload, payload] }] };
  await system.emit(payload, { context: { eventId: "01890a5d-ac96-774b-bcce-b302099a8057", hops: MAX_HOPS - 3 } });
  const links = await eventually(async () => {
    const found = await circle("tree");
    return found.filter(({ status }) => status === "failed").length === 4 ? found : undefined;
  }, "every branch has ended");
  const each = links.map(({ hops, status }) => `${hops} ${status}`);
  expect(each).toEqual(["6 complete", ...Array(2).fill("7 complete"), ...Array(4).fill("8 failed")]);
});

test("a chain goes through a hub, which counts as a hop of its own", async () => {
  const { events } = await system.emit(
    { to: "HUB" },
    { context: { eventId: "01890a5d-ac96-774b-bcce-b302099a8057", hops: 6 } },
  );
  const [dispatch] = await system.settled(events[0]?.id ?? "");
  const child = dispatch?.reason?.replace("event ", "");
  expect(await system.database.query("select caused_by, hops from eventhub.events where id = $1", [child])).toEqual([
    { caused_by: events[0]?.id, hops: 8 },
  ]);
});

test("a consumer that says nothing of its context begins a chain with each event", async () => {
  await system.emit({
    to: "SCRIPTED",
    mark: "silent",
    script: [{ silently: true, emit: [{ to: "SCRIPTED", mark: "silent, second" }] }],
  });
  await circle("silent");
  const [second] = await circle("silent, second");
  expect(second).toMatchObject({ caused_by: null, hops: 0, status: "complete" });
});

test("the pages' query shows what keeps coming, by its kind, of the last hour alone", async () => {
  const kind = "kind that comes twice";
  await system.emit([{ kind }, { kind }, { kind: "once" }]);
  await system.emit({ kind }, { context: { eventId: "01890a5d-ac96-774b-bcce-b302099a8057", hops: 0 } });
  await system.database.query(
    `insert into eventhub.events (id, payload, payload_bytes, created_at)
     values ('01890a5d-ac96-774b-bcce-b302099a8057', $1, 2, '2023-06-30')`,
    [JSON.stringify({ kind })],
  );
  const query = /Do events go round in a circle\?.*?```sql\n(.*?)```/s.exec(DOCUMENTS)?.[1] ?? "";
  const rows = await system.database.query(query);
  expect(rows.filter((row) => row.kind === kind)).toEqual([
    { kind, events: "3", minutes_of_60: expect.stringMatching(/^[12]$/), with_context: "1" },
  ]);
});
