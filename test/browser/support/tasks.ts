import type { Steps } from "./steps.ts";

/** What the tasks find and repair. */
export interface Beside {
  /** An order by its number, which has an index, and its event. */
  order: { number: number; event: string };
  /** A payload value without an index, and the event that has it. */
  value: { path: string; equals: string; event: string };
  /** An incident of the overview, by a text in its row. */
  incident: string;
  /** Whether bulk work is confirmed by typing its number, since the console is that of production. */
  typed: boolean;
}

/** A task of an operator, from the overview until it is done. */
export interface Task {
  name: string;
  /** The most clicks and typed texts that it may take. */
  most: number;
  run(steps: Steps, beside: Beside): Promise<void>;
}

const SEARCH = "Find by id, key, indexed value or text in a reason";

/** The row of an incident. */
const rowOf = (incident: string) => `#attention li.alert:has-text(${JSON.stringify(incident)})`;

async function openOrder(steps: Steps, { order }: Beside): Promise<void> {
  await steps.type(SEARCH, `order ${order.number} never arrived`, true);
  await steps.page.waitForURL(`**/events/${order.event}`);
}

/** The tasks of somebody on call, each from the overview. */
export const TASKS: readonly Task[] = [
  { name: "find an event by its business id", most: 2, run: openOrder },
  {
    name: "find an event by a value that no index finds",
    most: 3,
    run: async (steps, { value }) => {
      await steps.click("link", "Events", "nav");
      await steps.page.waitForURL(/\/events$/);
      await steps.type("Payload path", value.path);
      await steps.type("equals", value.equals, true);
      await steps.page.locator(`#e-${value.event}`).waitFor();
    },
  },
  {
    name: "see why a dispatch of an incident failed",
    most: 2,
    run: async (steps, { incident }) => {
      await steps.click("link", /^(List them|Open it)$/, rowOf(incident));
      await steps.page.waitForURL(/\/dispatches/);
      // A single dispatch is shown at once.
      if (steps.page.url().includes("?")) await steps.click("link", /^[0-9a-f]+/, "main tbody tr");
      await steps.page.locator("#timeline li").first().waitFor();
    },
  },
  {
    name: "edit an event and send it again",
    most: 4,
    run: async (steps, beside) => {
      await openOrder(steps, beside);
      await steps.click("link", "Edit and resend");
      const payload = JSON.parse(await steps.page.getByLabel("Payload (JSON)").inputValue()) as object;
      await steps.type("Payload (JSON)", JSON.stringify({ ...payload, id: 0, corrected: true }));
      await steps.click("button", /^Emit$/);
      await steps.page.getByRole("heading", { name: "Emitted 1 event" }).waitFor();
    },
  },
  {
    name: "retry all of one incident",
    most: 6,
    run: async (steps, { incident, typed }) => {
      await steps.click("link", /^Retry/, rowOf(incident));
      const confirm = /^Retry (more than )?[\d,]+ dispatch(es)? to /;
      const said = await steps.page.getByRole("button", { name: confirm }).innerText();
      if (typed) await steps.type(/^This is .*: type \d+ to confirm$/, /[\d,]+/.exec(said)?.[0] ?? "");
      await steps.click("button", confirm);
      await steps.page.waitForURL(/\/operations\//);
      await steps.page.locator("#outcome").waitFor();
    },
  },
];
