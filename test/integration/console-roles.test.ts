import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTeam, type Team } from "../support/access.ts";
import { insertHistory } from "../support/history.ts";
import { type System, startSystem } from "../support/system.ts";

let team: Team;
let system: System;
beforeAll(async () => {
  team = await startTeam();
  system = await startSystem({
    console: {
      ACCESS_TEAM: "acme",
      ACCESS_AUDIENCE: "a".repeat(64),
      ACCESS_KEYS: team.keys.href,
      ACCESS_OPERATORS: "grace@example.com, group:oncall",
    },
  });
});
afterAll(async () => {
  await system.stop();
  await team.stop();
});

let dispatch: string;
beforeEach(async () => {
  await system.database.clear();
  const [row] = await insertHistory(system.database, [{ status: "failed", at: new Date(Date.now() - 60_000) }]);
  dispatch = row?.id ?? "";
});

/** Asks the console like a user whom Access has signed in, as a reader unless the claims say more. */
async function ask(path: string, form?: Record<string, string>, claims = {}, method = "POST") {
  const token = await team.token({ claims: { email: "ada@example.com", ...claims } });
  const answer = await system.harness.getWorker("console").fetch(`https://console.example${path}`, {
    redirect: "manual",
    headers: { "Cf-Access-Jwt-Assertion": token, "Sec-Fetch-Site": "same-origin" },
    ...(form === undefined ? {} : { method, body: new URLSearchParams(form) }),
  });
  return { status: answer.status, text: await answer.text() };
}

const operations = () => system.database.query("select actor, action from eventhub.operations");

test("a user who is not named may look and preview, sees that, and can send nothing", async () => {
  const page = await ask(`/dispatches/${dispatch}`);
  expect(page.status).toBe(200);
  expect(page.text).toContain("reads only");
  const preview = await ask("/dispatches/retry?status=failed");
  expect(preview.text).toContain("Retry 1 dispatch to SCRIPTED");
  for (const { text } of [page, preview, await ask("/"), await ask("/emit")]) {
    const forms = text.match(/<form[^>]* method="post"/g) ?? [];
    expect(forms.length).toBeGreaterThan(0);
    expect(text.match(/<fieldset disabled/g)).toHaveLength(forms.length);
  }
  // Forms that were sent nevertheless, for any action.
  for (const path of [
    `/dispatches/${dispatch}/retry`,
    "/dispatches/retry",
    "/emit",
    "/destinations/SCRIPTED/pause",
    "/incidents/note",
  ]) {
    const answer = await ask(path, { payload: "{}", dispatch, note: "x" });
    expect([path, answer.status]).toEqual([path, 403]);
    expect(answer.text).toContain("You may look, but not act");
  }
  // A form that only asks is answered, and its button works.
  const explained = await ask("/routes", { payload: "{}" });
  expect(explained.status).toBe(200);
  expect(explained.text).not.toContain("<fieldset disabled");
  expect(await operations()).toEqual([]);
});

test("no other address and no other method lets a reader create an event or act", async () => {
  const [{ count } = { count: "" }] = await system.database.query<{ count: string }>(
    "select count(*) from eventhub.events",
  );
  // Every address that takes a form, but that of the one that only asks.
  const posted = (await system.harness.getWorker("console").fetch("https://console.example/posted")).json();
  const paths = new Set((await posted) as string[]);
  expect(paths.delete("/routes")).toBe(true);
  const everyForm = [...paths].map((path) => path.replace(":id", dispatch).replace(":name", "SCRIPTED"));
  expect(everyForm.length).toBeGreaterThan(15);
  // Other ways to write the address of the only form that readers may send, or of the one that creates events.
  const disguised = [
    "/emit/",
    "//emit",
    "/%65mit",
    "/routes/../emit",
    "/emit?/routes",
    "/routes/",
    "/emit;/routes",
    "/emit#/routes",
  ];
  const form = { payload: '{"to":"SCRIPTED"}', dispatch, key: "k", note: "x", _method: "POST" };
  for (const path of [...everyForm, ...disguised]) expect([path, (await ask(path, form)).status]).toEqual([path, 403]);
  for (const path of ["/emit", `/dispatches/${dispatch}/retry`])
    for (const method of ["PUT", "PATCH", "DELETE"])
      expect([path, method, (await ask(path, form, {}, method)).status]).toEqual([path, method, 405]);
  expect(await system.database.query("select count(*) from eventhub.events")).toEqual([{ count }]);
  expect(await operations()).toEqual([]);
});

test("the hub refuses a reader's action by itself", async () => {
  await expect(system.operate("retryDispatch", dispatch, { actor: "ada", role: "reader" })).rejects.toThrow(
    "[forbidden] retryDispatch: the person who is signed in may read and preview, but change nothing",
  );
  expect(await system.operate("retryDispatches", {}, { dryRun: true, role: "reader" })).toMatchObject({
    dispatches: 1,
  });
  expect(await operations()).toEqual([]);
  expect(await system.operate("retryDispatch", dispatch, { actor: "ada", role: "operator" })).toMatchObject({
    retryOf: dispatch,
  });
});

test.each([
  ["by address", { email: "Grace@example.com" }],
  ["by a group", { email: "bob@example.com", custom: { groups: ["dev", "oncall"] } }],
])("a user who is named %s may act", async (_, claims) => {
  const page = await ask(`/dispatches/${dispatch}`, undefined, claims);
  expect(page.text).not.toContain("reads only");
  expect(page.text).not.toContain("<fieldset disabled");
  expect((await ask(`/dispatches/${dispatch}/retry`, {}, claims)).status).toBe(303);
  expect(await operations()).toEqual([{ actor: claims.email, action: "retry_dispatch" }]);
});
